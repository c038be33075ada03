import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as ts from 'typescript';
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
async function compiled(folder: string): Promise<string> {
  const source = await readFile(join(EXAMPLES, 'who-spoke-when.mts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const file = join(folder, 'who-spoke-when.mjs');
  await writeFile(file, outputText);
  return file;
}

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) process.stderr.write('python3 is not on the PATH: the example in Python is not run\n');

describe.each([['TypeScript'], ...(python ? [['Python']] : [])])('The example in %s', (language) => {
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
        : [process.execPath, await compiled(folder)];
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
