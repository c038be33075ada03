import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { findRunningPostgres } from '../src/kernel/database/embedded/embedded-postgres.js';
import { Command } from './harness/command.js';
import type { Ended } from './harness/command.js';
import { describeLong, itLong } from './harness/long.js';
import { EmbeddedHomes, isGone, rows } from './setup/embedded-homes.js';
import { createTestDatabase, dropUnlessFailed } from './setup/test-database.js';
import type { TestDatabase } from './setup/test-database.js';

/** Without a stack, without an address in our code: what a person can act on. */
function expectSentences(ended: Ended, ...wanted: (string | RegExp)[]): void {
  expect({ with: ended.with, stderr: ended.stderr }).toEqual({ with: 1, stderr: expect.any(String) as string });
  expect(ended.stderr).not.toMatch(/\n\s+at |node_modules|\.(js|ts):\d+/);
  for (const part of wanted) expect(ended.stderr).toMatch(part);
  expect(ended.stdout).not.toMatch(/sbx_/);
}

const KEY = /^sbx_[\w-]{43}\n$/;

describe('signalbox', () => {
  // In a checkout the first command builds what is stale.
  beforeAll(async () => {
    const { with: code, stdout } = await Command.run(['--version']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });

  describeLong('in a checkout', () => {
    let folder: string;

    /** Compiles nothing, slowly, and keeps a tally; like the real one it leaves its notes alone when nothing changed. */
    const COMPILER = `
      const fs = require('node:fs');
      fs.appendFileSync('tally', 'x');
      if (fs.existsSync('src/broken.ts')) process.exit(2);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      fs.mkdirSync('dist/src', { recursive: true });
      fs.writeFileSync('dist/src/cli.js', 'console.log("built")');
      if (!fs.existsSync('dist/build.tsbuildinfo')) fs.writeFileSync('dist/build.tsbuildinfo', '');`;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'signalbox-checkout-'));
      const compiler = join(folder, 'node_modules/@nestjs/cli/bin');
      for (const part of [compiler, join(folder, 'bin'), join(folder, 'src'), join(folder, 'migrations')])
        await mkdir(part, { recursive: true });
      await copyFile(join(__dirname, '../bin/signalbox.js'), join(folder, 'bin/signalbox.js'));
      await writeFile(join(compiler, 'nest.js'), COMPILER);
      await writeFile(join(folder, 'src/cli.ts'), '');
    });

    afterEach(() => rm(folder, { recursive: true, force: true }));

    const run = () => Command.run([], { program: join(folder, 'bin/signalbox.js') });
    const builds = async () => (await readFile(join(folder, 'tally'), 'utf8')).length;

    it('builds what is newer than its build, once, also when the sources only look newer', async () => {
      for (const sources of [1, 2]) {
        await writeFile(join(folder, 'src/cli.ts'), '');
        for (const stderr of ['building…\n', '']) expect(await run()).toEqual({ with: 0, stdout: 'built\n', stderr });
        expect(await builds()).toBe(sources);
      }
    });

    it('builds once when several commands begin at the same time', async () => {
      const ended = await Promise.all([run(), run(), run()]);
      for (const { with: code, stdout } of ended) expect({ code, stdout }).toEqual({ code: 0, stdout: 'built\n' });
      expect(await builds()).toBe(1);
    });

    it('is not held up by a command that was killed while it built', async () => {
      await mkdir(join(folder, 'dist'));
      // Above the largest id that a process can have.
      await writeFile(join(folder, 'dist/.building'), String(2 ** 22 + 1));
      expect(await run()).toMatchObject({ with: 0, stdout: 'built\n' });
    });

    it('runs nothing that could not be built, and tries again the next time', async () => {
      await writeFile(join(folder, 'src/broken.ts'), '');
      expect(await run()).toMatchObject({ with: 2, stdout: '' });
      await rm(join(folder, 'src/broken.ts'));
      expect(await run()).toMatchObject({ with: 0, stdout: 'built\n' });
    });
  });

  it('says what it can do, and does not guess: what it does not know is an error and shows the help', async () => {
    const [help, wrong, without] = await Promise.all([
      Command.run(['--help']),
      Command.run(['serve', '--prot', '1']),
      Command.run(['keys', 'create']),
    ]);
    expect(help.with).toBe(0);
    for (const command of ['serve', 'migrate', 'demo', 'sandbox', 'keys', 'jobs', 'listen', 'trigger'])
      expect(help.stdout).toMatch(new RegExp(`^ +${command}\\b.* \\w`, 'm'));
    expectSentences(wrong, /^error: unknown option '--prot'/, /--port <port>/);
    expectSentences(without, /^error: required option '--name <name>'/, /--scopes <list>/);
  });

  describe('with an environment that is not right', () => {
    it('names every bad key at once, shows no secret, and starts nothing', async () => {
      const secret = 'p\u00e4ssw\u00f6rt';
      const ended = await Command.run(['serve'], {
        env: {
          PORT: 'eight thousand',
          DATABASE_URL: `mysql://root:${secret}@localhost/signalbox`,
          DATABASE_POOL: '1',
          PUBLIC_URL: 'signalbox.example.com',
          LOG_LEVEL: 'loud',
          BODY_LIMIT: '12',
          FETCH_ALLOW_CIDRS: '10.0.0.0/8, everywhere',
          PYANNOTEAI_BASE_URL: 'ftp://api.example.com',
          SIGNALBOX_SANDBOX: 'maybe',
          TRUST_PROXY: 'the one at the door',
          SIGNALBOX_MASTER_KEY: secret,
          PYANNOTEAI_API_KEY: secret,
          SIGNALBOX_CRASH_AT: 'lunch',
          PYANNOTEAI_WEBHOOK_SECRETS_FILE: '/nowhere/to/be/found',
        },
      });
      expectSentences(
        ended,
        /^ {2}- PORT: /m,
        /^ {2}- DATABASE_URL: must begin with postgres:\/\/$/m,
        /^ {2}- DATABASE_POOL: /m,
        /^ {2}- PUBLIC_URL: /m,
        /^ {2}- LOG_LEVEL: /m,
        /^ {2}- BODY_LIMIT: /m,
        /^ {2}- FETCH_ALLOW_CIDRS: /m,
        /^ {2}- PYANNOTEAI_BASE_URL: /m,
        /^ {2}- SIGNALBOX_SANDBOX: /m,
        /^ {2}- TRUST_PROXY: /m,
        /^ {2}- SIGNALBOX_MASTER_KEY: /m,
        /^ {2}- SIGNALBOX_CRASH_AT: /m,
        /^ {2}- PYANNOTEAI_API_KEY: /m,
        /^ {2}- PYANNOTEAI_WEBHOOK_SECRETS_FILE: /m,
      );
      expect(ended.stdout).toBe('');
      expect(ended.stderr).not.toContain(secret);
    });

    itLong('refuses in production what is made for laptops', async () => {
      const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://localhost:1/x' };
      const [unset, sandbox, noDatabase] = await Promise.all([
        Command.run(['serve'], { env: production }),
        Command.run(['serve'], { env: { ...production, SIGNALBOX_SANDBOX: 'true', PUBLIC_URL: 'http://a.example' } }),
        Command.run(['serve'], { env: { NODE_ENV: 'production', SIGNALBOX_MASTER_KEY: 'k'.repeat(32) } }),
      ]);
      expectSentences(unset, 'SIGNALBOX_MASTER_KEY: required with NODE_ENV=production');
      expectSentences(sandbox, 'SIGNALBOX_SANDBOX: ', 'SIGNALBOX_MASTER_KEY: ');
      expectSentences(noDatabase, 'DATABASE_URL: required with NODE_ENV=production');
    });

    itLong('says in one sentence when nothing answers where DATABASE_URL points', async () => {
      for (const args of [['serve', '--port', '0'], ['migrate']]) {
        const ended = await Command.run(args, { env: { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/x' } });
        expectSentences(ended, /^Nothing answers where DATABASE_URL points/);
        expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      }
    });
  });

  describe('on a database of one’s own', () => {
    let database: TestDatabase;
    let env: Record<string, string>;

    beforeAll(async () => {
      database = await createTestDatabase('cli');
      env = { DATABASE_URL: database.url };
    });

    afterAll(() => dropUnlessFailed(database));

    it('brings the schema up to date, and has nothing to do the second time', async () => {
      const first = await Command.run(['migrate'], { env });
      expect({ with: first.with, stderr: first.stderr }).toEqual({ with: 0, stderr: '' });
      expect(first.stdout).toMatch(/^Spine\d+\n(\w+\d+\n)*the schema is up to date\n$/);
      const second = await Command.run(['migrate'], { env });
      expect({ with: second.with, stdout: second.stdout }).toEqual({ with: 0, stdout: 'the schema is up to date\n' });
    });

    it('makes keys, lists them without showing them, and revokes them', async () => {
      const made = await Command.run(
        ['keys', 'create', '--name', 'first', '--scopes', 'jobs:read, operate', '--expires', '90d'],
        { env },
      );
      expect({ with: made.with, stdout: made.stdout }).toEqual({
        with: 0,
        stdout: expect.stringMatching(KEY) as string,
      });
      expect(made.stderr).toMatch(/^key [0-9a-f-]{36} of team default, scopes jobs:read,operate; .*not shown again/);
      const key = made.stdout.trim();
      const id = /[0-9a-f-]{36}/.exec(made.stderr)?.[0] ?? '';

      const listed = await Command.run(['keys', 'list'], { env });
      expect(listed.stdout).toMatch(
        new RegExp(`^${id}  ${key.slice(0, 10)}  valid .*first .*jobs:read,operate .*never$`, 'm'),
      );
      expect(listed.stdout + listed.stderr).not.toContain(key);

      const revoked = await Command.run(['keys', 'revoke', key.slice(0, 10)], { env });
      expect({ with: revoked.with, stdout: revoked.stdout }).toEqual({ with: 0, stdout: '' });
      expectSentences(await Command.run(['keys', 'revoke', id], { env }), 'no valid key');
      const acts = await rows(database.url, `select actor, action from audit_log order by at`);
      expect(acts).toEqual([
        { actor: 'cli', action: 'key.create' },
        { actor: 'cli', action: 'key.revoke' },
      ]);
    });

    itLong('says in one sentence why it makes no key', async () => {
      const create = (...args: string[]) => Command.run(['keys', 'create', '--name', 'x', ...args], { env });
      const [scope, team, past] = await Promise.all([
        create('--scopes', 'jobs:read,jobs:delete'),
        create('--team', 'nobody'),
        create('--expires', '2001-01-01'),
      ]);
      expectSentences(scope, 'jobs:delete', 'jobs:write');
      expectSentences(team, 'there is no team "nobody"');
      expectSentences(past, '--expires', 'over');
      expect(await rows(database.url, `select 1 from api_keys where name = 'x'`)).toEqual([]);
    });

    itLong('says in one sentence that a port is taken', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const { port } = other.address() as AddressInfo;
      const ended = await Command.run(['serve', '--port', String(port), '--host', '127.0.0.1'], { env });
      other.close();
      expectSentences(ended, new RegExp(`^Port ${port} is taken by another program; choose one with --port`));
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    });

    it('serves until SIGTERM, lets go of the database, and ends with 0', async () => {
      const service = Command.start(['serve', '--port', '0', '--host', '127.0.0.1'], { env });
      const { url } = await service.logged('serving');
      expect((await fetch(new URL('/health/ready', String(url)))).status).toBe(200);
      const ended = await service.stop('SIGTERM');
      expect({ with: ended.with, stderr: ended.stderr }).toEqual({ with: 0, stderr: '' });
      await expect(fetch(String(url))).rejects.toThrow();
      const client = new Client({ connectionString: database.url });
      await client.connect();
      const { rows: others } = await client.query(
        `select 1 from pg_stat_activity where application_name = 'signalbox' and datname = current_database()`,
      );
      await client.end();
      expect(others).toEqual([]);
    });
  });

  describe('without any database', () => {
    const homes = new EmbeddedHomes();
    const running: Command[] = [];
    let home: string;
    let cwd: string;

    beforeAll(async () => {
      home = await homes.make();
      cwd = dirname(home);
    });

    afterAll(async () => {
      for (const command of running) await command.stop('SIGKILL');
      await homes.cleanUp();
    });

    function serve(...args: string[]): Command {
      const command = Command.start(['serve', '--port', '0', '--host', '127.0.0.1', ...args], { cwd });
      running.push(command);
      return command;
    }

    /** The process of the built-in Postgres, as the running service left its address. */
    async function postgresPid(): Promise<number> {
      const found = await findRunningPostgres(home);
      if (!found) throw new Error('no Postgres is running');
      const [row] = await rows(
        found.url,
        `select pg_backend_pid() as backend, split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
      );
      return Number(row?.pid);
    }

    it('serves with the built-in one, beside which keys are made; a second one is told in a sentence', async () => {
      const service = serve();
      const { url } = await service.logged('serving');
      await service.logged('there is no API key yet: signalbox keys create --name first');
      const pid = await postgresPid();

      const second = await serve().ended;
      expectSentences(second, /in use by another Signalbox \(pid \d+\)/);
      expect(second.stderr.trim().split('\n')).toHaveLength(1);

      const made = await Command.run(['keys', 'create', '--name', 'beside'], { cwd });
      expect({ with: made.with, stdout: made.stdout }).toEqual({
        with: 0,
        stdout: expect.stringMatching(KEY) as string,
      });
      const authorization = `Bearer ${made.stdout.trim()}`;
      expect((await fetch(new URL('/v1/jobs', String(url)), { headers: { authorization } })).status).toBe(200);
      const listed = await Command.run(['keys', 'list'], { cwd });
      expect(listed.stdout).toMatch(/ valid .*beside .*used \d{4}-/);
      expect((await Command.run(['keys', 'revoke', made.stdout.slice(0, 10)], { cwd })).with).toBe(0);
      expect((await fetch(new URL('/v1/jobs', String(url)), { headers: { authorization } })).status).toBe(401);

      expect(await isGone(pid)).toBe(false);
      expect((await service.stop('SIGTERM')).with).toBe(0);
      expect(await isGone(pid)).toBe(true);
    });

    itLong('remembers everything the next time, and ends at Ctrl-C as well', async () => {
      const service = serve();
      await service.logged('serving');
      const pid = await postgresPid();
      // As a terminal does it: to Postgres too, which belongs to the same group or knows better.
      service.interrupt();
      expect((await service.ended).with).toBe(0);
      expect(await isGone(pid)).toBe(true);
      expect(service.stderr).toBe('');
    });

    itLong('ends with 0 and leaves no Postgres behind when it is told to stop while it starts', async () => {
      const service = serve();
      const { pid } = await service.logged('Postgres started');
      const ended = await service.stop('SIGTERM');
      expect({ with: ended.with, stderr: ended.stderr }).toEqual({ with: 0, stderr: '' });
      expect(await isGone(Number(pid))).toBe(true);
    });

    itLong('stops the Postgres that it started when it cannot go on', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const service = serve('--port', String((other.address() as AddressInfo).port));
      const { pid } = await service.logged('Postgres started');
      const ended = await service.ended;
      other.close();
      expectSentences(ended, /^Port \d+ is taken/);
      expect(await isGone(Number(pid))).toBe(true);
    });

    itLong('lists keys with a Postgres of the moment when nothing is running', async () => {
      const listed = await Command.run(['keys', 'list'], { cwd });
      expect({ with: listed.with, stdout: listed.stdout }).toEqual({
        with: 0,
        stdout: expect.stringMatching(/ revoked .*beside/) as string,
      });
      expect(await findRunningPostgres(home)).toBeNull();
    });
  });
});
