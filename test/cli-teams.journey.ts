import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { upload } from './harness/upload.js';
import { freePort } from './harness/service-process.js';
import { Program } from './fifth-vendor/program.js';

const root = resolve(__dirname, '..');
const SIGNALBOX = [process.execPath, join(root, 'bin', 'signalbox.js')] as const;

describe('Teams and keys on the command line', () => {
  let folder: string;
  let env: Record<string, string>;
  let port: number;
  let service: Program | null = null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-embedded-'));
    port = await freePort();
    env = { SIGNALBOX_HOME: join(folder, '.signalbox'), LOG_LEVEL: 'warn', HOST: '127.0.0.1', PORT: String(port) };
  });
  afterAll(async () => {
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const options = (more: Record<string, string> = {}) => ({ cwd: root, env: { ...env, ...more } });
  const signalbox = (...words: string[]) => Program.run([...SIGNALBOX, ...words], options());
  /** What it says when it will not do it: one sentence, on standard error. */
  const refusal = async (words: string[], more: Record<string, string> = {}) => {
    const program = Program.start([...SIGNALBOX, ...words], options(more));
    expect(await program.ended).toBe(1);
    expect(program.stdout).toBe('');
    expect(program.output.trim().split('\n')).toHaveLength(1);
    return program.output.trim();
  };

  describe('without a service', () => {
    it('start the built-in Postgres for a moment, and find the team that the first start makes', async () => {
      expect(await signalbox('teams', 'list')).toMatch(/^[0-9a-f-]{36} {2}default {2}0 valid keys {2}since \S+\n$/);
    }, 90_000);

    it('say what is wrong before a database is looked for', async () => {
      const nowhere = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };
      const create = ['keys', 'create', '--name', 'x'];
      expect(await refusal([...create, '--scopes', 'jobs:read,jobs:eat'], nowhere)).toMatch(
        /^--scopes: "jobs:eat" is none of jobs:read,/,
      );
      expect(await refusal([...create, '--expires', 'soon'], nowhere)).toMatch(/^--expires: "soon" is neither days/);
      expect(await refusal([...create, '--expires', '2020-01-01'], nowhere)).toMatch(
        /^--expires: 2020-01-01\S* is over already$/,
      );
      expect(await refusal(['keys', 'create', '--name', 'a\nb'], nowhere)).toBe(
        '--name: must be 1 to 100 visible characters',
      );
      expect(await refusal(['keys', 'rotate', 'x', '--overlap', 'a day'], nowhere)).toMatch(
        /^--overlap: "a day" is neither a time such as 24h or 7d/,
      );
      expect(await refusal(['teams', 'limits', 'default', '--open-jobs', 'some'], nowhere)).toMatch(
        /^--open-jobs: "some" is neither a whole number from 0 to \d+ nor none$/,
      );
    }, 60_000);
  });

  describe('beside a running service with its own Postgres', () => {
    let api: ApiClient;

    beforeAll(async () => {
      service = await Program.start([...SIGNALBOX, 'serve'], options()).ready(`http://127.0.0.1:${port}`);
      api = new ApiClient(`http://127.0.0.1:${port}`);
    }, 90_000);

    it('make a team, and a key of it that sees its own jobs and no more', async () => {
      const id = (await signalbox('teams', 'create', 'radio')).trim();
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      const key = (
        await signalbox('keys', 'create', '--name', 'studio', '--team', 'radio', '--scopes', 'jobs:read')
      ).trim();
      expect(key).toMatch(/^sbx_[\w-]{43}$/);
      const radio = api.withKey(key);
      expect(await radio.get('/v1/jobs')).toMatchObject({ status: 200, body: { items: [] } });
      expect(await radio.post('/v1/diarizations', {})).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
      expect(await signalbox('teams', 'list')).toContain(`${id}  radio  1 valid key  `);
      expect(await signalbox('keys', 'list')).toMatch(/valid {4}radio {2}studio {2}jobs:read/);
    }, 60_000);

    it('end a key at once', async () => {
      const key = (await signalbox('keys', 'create', '--name', 'short')).trim();
      expect((await api.withKey(key).get('/v1/jobs')).status).toBe(200);
      await signalbox('keys', 'revoke', key.slice(0, 10));
      expect(await api.withKey(key).get('/v1/jobs')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(await refusal(['keys', 'revoke', key.slice(0, 10)])).toBe(
        `no valid key has the id or prefix ${key.slice(0, 10)}`,
      );
    }, 60_000);

    it('put a new key in the place of one, both good until the overlap is over', async () => {
      const old = (await signalbox('keys', 'create', '--name', 'desk', '--scopes', 'jobs:read')).trim();
      const key = (await signalbox('keys', 'rotate', old.slice(0, 10), '--overlap', '12s')).trim();
      expect(key).toMatch(/^sbx_[\w-]{43}$/);
      const status = async (text: string) => (await api.withKey(text).get('/v1/jobs')).status;
      expect([await status(old), await status(key)]).toEqual([200, 200]);
      await eventually('the old key is over', async () => (await status(old)) === 401, 30_000);
      expect(await status(key)).toBe(200);
      expect(await refusal(['keys', 'rotate', old.slice(0, 10)])).toMatch(/^this key expired at .*; make a new one/);
      expect(await refusal(['keys', 'rotate', 'sbx_nobody'])).toBe('no key has the id or prefix sbx_nobody');
    }, 60_000);

    it('end the last key of an administrator, which REST will not', async () => {
      const admin = (await signalbox('keys', 'create', '--name', 'chief', '--scopes', 'admin')).trim();
      const { body } = await api.withKey(admin).get<{ key: { id: string } }>('/v1/caller');
      const refused = await api.withKey(admin).ask(`/v1/keys/${body.key.id}`, { method: 'DELETE' });
      expect(refused).toMatchObject({ status: 409, body: { code: 'last_admin_key' } });
      const next = (await signalbox('keys', 'rotate', body.key.id, '--overlap', '0')).trim();
      expect((await api.withKey(admin).get('/v1/keys')).status).toBe(401);
      await signalbox('keys', 'revoke', next.slice(0, 10));
      expect((await api.withKey(next).get('/v1/keys')).status).toBe(401);
    }, 60_000);

    it('limit a team, and show what it uses', async () => {
      expect(await signalbox('teams', 'limits', 'default')).toBe(
        'openJobs       0 of any number\njobsPerDay     0 of any number\nuploadBytes    0 of any number\nmonthlyBudget  0 of any number\n',
      );
      const set = ['--open-jobs', '0', '--monthly-budget', '99.50', '--upload-bytes', '1000'];
      expect(await signalbox('teams', 'limits', 'default', ...set)).toContain('monthlyBudget  0 of 99.5\n');
      const key = (await signalbox('keys', 'create', '--name', 'limited')).trim();
      const refused = await upload(api.url, key, Buffer.alloc(1_001));
      expect(refused).toMatchObject({ status: 429, body: { code: 'limit_reached' } });
      const cleared = await signalbox('teams', 'limits', 'default', '--open-jobs', 'none', '--monthly-budget', 'none');
      expect(cleared).toContain('openJobs       0 of any number\n');
      expect(cleared).toContain('uploadBytes    0 of 1000\n');
      expect(await refusal(['teams', 'limits', 'telly', '--open-jobs', '5'])).toMatch(/^there is no team "telly"; /);
    }, 60_000);

    it('make a key that ends by itself', async () => {
      const at = new Date(Date.now() + 6_000).toISOString();
      const key = (await signalbox('keys', 'create', '--name', 'brief', '--expires', at)).trim();
      const status = async () => (await api.withKey(key).get('/v1/jobs')).status;
      await eventually('the key has expired', async () => (await status()) === 401);
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at));
      expect(await signalbox('keys', 'list')).toMatch(/expired {2}default {2}brief/);
    }, 60_000);

    it.each([
      ['Radio', 'name: must be 1 to 40 lower-case letters, digits and hyphens, and begin with a letter'],
      ['all', 'name: "all" means every team in lists; choose another'],
      ['default', 'there is a team "default" already'],
    ])('refuse a team called %s in one sentence', async (name, sentence) => {
      expect(await refusal(['teams', 'create', name])).toBe(sentence);
    });

    it('refuse a key for a team that is not there, and name the way', async () => {
      expect(await refusal(['keys', 'create', '--name', 'x', '--team', 'telly'])).toBe(
        'there is no team "telly"; signalbox teams create telly makes one',
      );
    });
  });
});

describe('Turning the master key on the command line', () => {
  let home: string;
  beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'signalbox-keys-'))));
  afterEach(() => rm(home, { recursive: true, force: true }));
  const rotate = async (env: Record<string, string> = {}) => {
    const program = Program.start([...SIGNALBOX, 'master-key', 'rotate'], {
      cwd: root,
      env: { SIGNALBOX_HOME: home, ...env },
    });
    return { code: await program.ended, stdout: program.stdout, output: program.output };
  };
  const old = 'a'.repeat(64);

  it('replaces the generated one and keeps it as the previous one', async () => {
    await writeFile(join(home, 'master-key'), `${old}\n`, { mode: 0o600 });
    const { code, stdout, output } = await rotate();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(output).toContain(
      `${join(home, 'master-key')} is new; the old key is in ${join(home, 'master-key.previous')}`,
    );
    expect(await readFile(join(home, 'master-key.previous'), 'utf8')).toBe(`${old}\n`);
    const key = await readFile(join(home, 'master-key'), 'utf8');
    expect(key).toMatch(/^[0-9a-f]{64}\n$/);
    expect(output).not.toContain(key.trim());
    for (const name of ['master-key', 'master-key.previous'])
      expect((await stat(join(home, name))).mode & 0o777).toBe(0o600);
  });

  it('prints a new one where the environment gives it, and says which variables to set', async () => {
    const { code, stdout, output } = await rotate({ SIGNALBOX_MASTER_KEY: old });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(output).toContain('1. SIGNALBOX_MASTER_KEY_PREVIOUS = what SIGNALBOX_MASTER_KEY is now');
    expect(output).not.toContain(old);
  });

  it('names the files where the environment gives it in files', async () => {
    await writeFile(join(home, 'mk'), old);
    const { stdout, output } = await rotate({ SIGNALBOX_MASTER_KEY_FILE: join(home, 'mk') });
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(output).toContain(`the file ${join(home, 'mk')} (SIGNALBOX_MASTER_KEY_FILE)`);
    expect(output).toContain('name the copy in SIGNALBOX_MASTER_KEY_PREVIOUS_FILE');
    expect(await readFile(join(home, 'mk'), 'utf8')).toBe(old);
  });

  it('says that there is none to turn', async () => {
    const { code, output } = await rotate();
    expect(code).toBe(1);
    expect(output).toContain(
      `SIGNALBOX_HOME: there is no key in ${join(home, 'master-key')} yet; the first start makes one`,
    );
  });
});
