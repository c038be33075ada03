import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Webhook } from 'standardwebhooks';
import * as ts from 'typescript';
import { eventually } from './harness/eventually.js';
import { describeLong } from './harness/long.js';
import { freePort } from './harness/service-process.js';
import { World } from './harness/service.js';

const EXAMPLES = resolve(__dirname, '../examples');
const RECORDING = join(EXAMPLES, 'audio/two-voices.wav');
const LINE = /^ *\d+\.\d\d – +\d+\.\d\d s {2}SPEAKER_0[01]$/;

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A program as a user starts it, with nothing of this process's environment but the way to programs. */
function run([program = '', ...args]: readonly string[], env: Record<string, string>): Promise<Ran> {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}

/** As `tsc` does, for a Node that cannot run TypeScript by itself. */
async function compiled(folder: string, name: string): Promise<string> {
  const source = await readFile(join(EXAMPLES, `${name}.mts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, outputText);
  return file;
}

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) process.stderr.write('python3 is not on the PATH: the example in Python is not run\n');

const LANGUAGES = [['TypeScript'], ...(python ? [['Python']] : [])];

describeLong.each(LANGUAGES)('The example in %s', (language) => {
  let world: World;
  let folder: string;
  let program: string[];
  let env: Record<string, string>;

  beforeAll(async () => {
    world = await (await World.create(`examples-${language.toLowerCase()}`)).start();
    folder = await mkdtemp(join(tmpdir(), 'signalbox-example-'));
    program =
      language === 'Python'
        ? ['python3', join(EXAMPLES, 'who_spoke_when.py')]
        : [process.execPath, await compiled(folder, 'who-spoke-when')];
    env = {
      SIGNALBOX_URL: world.url,
      SIGNALBOX_KEY: await world.key(['jobs:read', 'jobs:write', 'files:write']),
    };
  });

  afterEach(() => world.vendor.clearFaults());

  afterAll(async () => {
    await world.end();
    await rm(folder, { recursive: true, force: true });
  });

  const example = (args: string[], more: Record<string, string> = {}) =>
    run([...program, ...args], { ...env, ...more });

  it('uploads a recording and prints who spoke when', async () => {
    const { code, stdout, stderr } = await example([RECORDING]);
    expect({ code, stderr: stderr.replace(/^job .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(LINE);
    const [job] = await world.db.query<{ result: { diarization: unknown[] } }>(
      `select result from jobs where input->>'file' is not null`,
    );
    expect(lines).toHaveLength(job?.result.diarization.length ?? -1);
    expect(new Set(lines.map((line) => line.slice(-2))).size).toBe(2);
  });

  it('takes an address as well', async () => {
    const { code, stdout } = await example([world.vendor.audio]);
    expect({ code, first: stdout.split('\n')[0] }).toEqual({ code: 0, first: expect.stringMatching(LINE) as string });
  });

  it('says why a job failed', async () => {
    await world.vendor.fault('fail', { error: 'The audio could not be loaded.' });
    const { code, stdout, stderr } = await example([world.vendor.audio]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/job \S+ is failed: .*could not be loaded/);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['no recording', [], {}, /^which recording\?/],
    ['no key', [RECORDING], { SIGNALBOX_KEY: '' }, /^SIGNALBOX_KEY is not set/],
    ['a wrong key', [RECORDING], { SIGNALBOX_KEY: 'sbx_wrong' }, /^401 unauthorized: .+/],
    ['a file that is not there', ['not-there.wav'], {}, /^not-there\.wav: there is no such file/],
    ['a wrong address', ['http://10.0.0.7/a.wav'], {}, /^400 invalid_request: url: points to a private address/],
    ['nobody there', [RECORDING], { SIGNALBOX_URL: 'http://127.0.0.1:9' }, /^http:\/\/127\.0\.0\.1:9 does not answer/],
  ])('says in one line what is wrong: %s', async (_, args, more, said) => {
    const { code, stdout, stderr } = await example(args, more);
    expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, stdout: '', lines: 1 });
    expect(stderr).toMatch(said);
  });
});

describe.each(LANGUAGES)('The receiver in %s', (language) => {
  let world: World;
  let folder: string;
  let receiver: ChildProcess;
  let printed = '';
  let url: string;
  let secret: string;

  beforeAll(async () => {
    world = await (await World.create(`receivers-${language.toLowerCase()}`)).start();
    folder = await mkdtemp(join(tmpdir(), 'signalbox-receiver-'));
    // Where its one package is found, as `npm install` does it.
    await symlink(resolve(__dirname, '../node_modules'), join(folder, 'node_modules'));
    const [program = '', file = ''] =
      language === 'Python'
        ? ['python3', join(EXAMPLES, 'receive_notification.py')]
        : [process.execPath, await compiled(folder, 'receive-notification')];
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    const made = await world.client.post<{ secret: string }>('/v1/endpoints', { url, types: ['diarization.*'] });
    secret = made.body.secret;
    const { PATH, HOME } = process.env;
    receiver = spawn(program, [file], { env: { PATH, HOME, SIGNALBOX_SECRET: secret, PORT: String(port) } });
    for (const stream of [receiver.stdout, receiver.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await says(`listening on ${url}\n`);
  });

  afterAll(async () => {
    if (receiver?.exitCode === null) {
      const ended = new Promise((over) => receiver.once('close', over));
      receiver.kill('SIGKILL');
      await ended;
    }
    await world.end();
    await rm(folder, { recursive: true, force: true });
  });

  function says(text: string | RegExp): Promise<string[]> {
    return eventually(`it says ${String(text)}`, () => {
      const found = typeof text === 'string' ? printed.includes(text) && [text] : printed.match(text);
      if (!found) throw new Error(printed);
      return Promise.resolve(found);
    });
  }

  async function send(id: string, body: string, { at = new Date(), key = secret, signedBody = body } = {}) {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign(id, at, signedBody),
    };
    const answer = await fetch(url, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  }

  const body = (status: string) =>
    JSON.stringify({
      type: `diarization.${status}`,
      timestamp: '2026-11-21T10:00:00.000Z',
      data: { job: { id: 'Zoë', status } },
    });

  it('prints what it was told, verified, and the service takes it for delivered', async () => {
    const job = await world.diarize();
    const [, id] = await says(
      new RegExp(`^\\S+ diarization\\.succeeded job ${job.id} is succeeded \\(verified, (\\S+)\\)$`, 'm'),
    );
    await eventually('it is delivered', async () => {
      const { body: told } = await world.client.get<{ status: string; lastStatus: number }>(`/v1/notifications/${id}`);
      return told.status === 'delivered' && told.lastStatus === 204;
    });
  });

  it('prints a repeat only once, and says that it has it', async () => {
    for (let time = 0; time < 3; time++)
      expect(await send('twice', body('expired'))).toEqual({ status: 204, text: '' });
    await send('after', body('canceled'));
    await says('(verified, after)');
    expect(printed.match(/\(verified, twice\)/g)).toHaveLength(1);
    expect(printed).toContain('job Zoë is expired');
  });

  it('takes a message that an old secret has signed as well, as during a rotation', async () => {
    const at = new Date();
    const old = new Webhook(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
    const signatures = [old, new Webhook(secret)].map((one) => one.sign('both', at, body('failed')));
    const headers = {
      'webhook-id': 'both',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': signatures.join(' '),
    };
    expect((await fetch(url, { method: 'POST', headers, body: body('failed') })).status).toBe(204);
    await says('(verified, both)');
  });

  it('refuses what was tampered with, is stale, or is no message, and prints nothing of it', async () => {
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    const other = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
    const refusals = [
      await send('bad', body('succeeded'), { signedBody: body('failed') }),
      await send('bad', body('succeeded'), { key: other }),
      await send('bad', body('succeeded'), { at: minutes(-6) }),
      await send('bad', body('succeeded'), { at: minutes(6) }),
    ];
    const bare = await fetch(url, { method: 'POST', body: body('succeeded') });
    expect([...refusals.map(({ status }) => status), bare.status]).toEqual([400, 400, 400, 400, 400]);
    expect(refusals.map(({ text }) => text.split(':')[0])).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(await send('good', body('succeeded'))).toMatchObject({ status: 204 });
    await says('(verified, good)');
    expect(printed).not.toContain('(verified, bad)');
  });
});

describe('What the README shows of receiving', () => {
  it.each(['receive-notification.mts', 'receive_notification.py'])('is examples/%s itself', async (name) => {
    const [readme, source] = await Promise.all([
      readFile(resolve(EXAMPLES, '../README.md'), 'utf8'),
      readFile(join(EXAMPLES, name), 'utf8'),
    ]);
    const language = name.endsWith('.py') ? 'python' : 'ts';
    const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(
      (found) => found[1],
    );
    expect(blocks).toContain(source);
  });
});
