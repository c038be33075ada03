import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startSandbox } from '../src/sandbox/sandbox.js';
import type { Sandbox } from '../src/sandbox/sandbox.js';
import { freePort } from './harness/service-process.js';

const run = promisify(execFile);

describe('npm run live -- pyannote', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    // A minute lasts 3 s: whole seconds tell two tries apart.
    sandbox = await startSandbox({ factor: 0.05, audioDir: resolve(__dirname, '../examples/audio') });
  });
  afterAll(() => sandbox.stop());

  async function live(env: Record<string, string>, ...words: string[]): Promise<string> {
    const { PATH, HOME } = process.env;
    const program = ['-r', join(__dirname, 'setup/run-ts.cjs'), join(__dirname, '../live/live.ts'), ...words];
    return (await run(process.execPath, program, { env: { PATH, HOME, ...env } })).stdout;
  }

  it('says in one line that it has no key', async () => {
    expect(await live({}, 'pyannote')).toBe('live pyannote: skipped, its key is not set\n');
  });

  it('ends with 1 for a vendor that it does not know', async () => {
    await expect(live({}, 'nobody')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^name one of/) as string,
    });
  });

  it('says which of the open facts it saw, with the notice and two retries of it', async () => {
    const port = await freePort();
    const said = await live(
      {
        PYANNOTEAI_API_KEY: sandbox.pyannote.apiKey,
        PYANNOTEAI_BASE_URL: sandbox.pyannote.baseUrl,
        PYANNOTEAI_WEBHOOK_SECRETS: sandbox.pyannote.webhookSecret,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        HOST: '127.0.0.1',
        PORT: String(port),
      },
      'pyannote',
    );
    expect(said).toMatch(
      /^ {2}the key: taken\n {2}uploaded \d+ bytes: 200\n {2}submitted: 200, job \S+\n {2}ended: succeeded, 7 turns\n/,
    );
    expect(said).toMatch(/^settled {2}status of a submit: 200$/m);
    expect(said).toMatch(/^settled {2}encoding of the signature: lower-case hex; it verifies$/m);
    expect(said).toMatch(/^settled {2}time of a retry: fresh: \d+, then \d+, [2-9] s later$/m);
    expect(said).toMatch(/^settled {2}retry headers of the first delivery: none$/m);
    expect(said).toMatch(/^(settled|open {3}) {2}lifetime of a presigned address/m);
  });

  it('leaves open what only a notice can tell, where the vendor has no address to call', async () => {
    const env = { PYANNOTEAI_API_KEY: sandbox.pyannote.apiKey, PYANNOTEAI_BASE_URL: sandbox.pyannote.baseUrl };
    expect(await live(env, 'pyannote')).toMatch(/^open {5}encoding of the signature$/m);
  });
});
