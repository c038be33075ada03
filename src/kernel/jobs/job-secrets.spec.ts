import { CannotOpen } from '../config/aead.js';
import { MasterKey } from '../config/master-key.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { Job } from './job.entity.js';
import { JobSecrets } from './job-secrets.js';
import type { ProviderRegistry } from './provider-registry.js';

const PATHS: Record<string, string[]> = { input: ['voices[].print'], result: ['print'] };
const registry = {
  secretsOf: (kind: string, part: string) => (kind === 'voice' ? PATHS[part] : []),
} as unknown as ProviderRegistry;

function secrets(key = 'a', previous = ''): JobSecrets {
  const env = { SIGNALBOX_MASTER_KEY: key.repeat(64), SIGNALBOX_MASTER_KEY_PREVIOUS: previous.repeat(64) };
  return new JobSecrets(registry, new MasterKey(parseEnv(ServiceEnv, env)));
}

const job = { id: 'job-1', kind: 'voice' };
const input = { url: 'u', voices: [{ label: 'Anna', print: 'p-of-anna' }, { label: 'Ben' }] };
const result = { print: 'p-of-anna', warning: 'two voices' };

function stored(with_: JobSecrets, kind = 'voice'): Job {
  const name = { id: 'job-1', kind };
  const rows = { input: with_.seal(name, 'input', input), result: with_.seal(name, 'result', result) };
  return Object.assign(new Job(), { ...name, status: 'succeeded', ...rows });
}

describe('the secrets of a job', () => {
  it('are not in its row, where all the rest is', () => {
    const row = stored(secrets());
    expect(JSON.stringify(row)).not.toContain('p-of-anna');
    expect(row.input).toMatchObject({ url: 'u', voices: [{ label: 'Anna' }, { label: 'Ben' }] });
    expect(row.result).toMatchObject({ warning: 'two voices' });
  });

  it('are there again for its own team, and nowhere else', () => {
    const row = stored(secrets());
    expect(secrets().opened(row)).toEqual({ ...row, input, result });
    const hidden = secrets().hidden(row);
    expect(hidden.input).toEqual({ url: 'u', voices: [{ label: 'Anna' }, { label: 'Ben' }] });
    expect(hidden.result).toEqual({ warning: 'two voices' });
    expect(hidden.status).toBe('succeeded');
  });

  it('are of any shape that JSON has', () => {
    for (const print of ['', null, 7, { deep: ['x'] }, 'with \ud800 and \0']) {
      const sealed = secrets().seal(job, 'result', { print });
      const opened = secrets().open(job, 'result', sealed);
      expect(opened).toEqual({
        print: typeof print === 'string' ? print.toWellFormed().replace('\0', '\ufffd') : print,
      });
    }
  });

  it('open under the previous master key, and under no other', () => {
    const row = stored(secrets('a'));
    expect(secrets('b', 'a').opened(row)).toMatchObject({ input, result });
    expect(() => secrets('b').open(row, 'result', row.result ?? {})).toThrow(CannotOpen);
    const problem = expect.objectContaining({ code: 'secret_sealed' }) as Error;
    expect(() => secrets('b').opened(row)).toThrow(problem);
    expect(secrets('b').hidden(row).result).toEqual({ warning: 'two voices' });
  });

  it('can be sealed anew under the present master key, which then opens them alone', () => {
    const row = stored(secrets('a'));
    const renewed = secrets('b', 'a').renewed(row);
    const anew = Object.assign(new Job(), row, renewed);
    expect(secrets('b').opened(anew)).toMatchObject({ input, result });
    expect(secrets('b', 'a').renewed(anew)).toBeNull();
    expect(() => secrets('b').renewed(row)).toThrow(CannotOpen);
    expect([secrets('b', 'a').isTurning, secrets('b').isTurning]).toEqual([true, false]);
  });

  it('do not open in another job, nor in another place of the same one', () => {
    const { result: sealed } = stored(secrets());
    expect(() => secrets().open({ ...job, id: 'job-2' }, 'result', sealed ?? {})).toThrow(CannotOpen);
    const moved = { voices: [{ print: sealed?.print }] };
    expect(() => secrets().open(job, 'input', moved)).toThrow(CannotOpen);
  });

  it('are none in a kind that has none', () => {
    const row = stored(secrets(), 'diarization');
    expect([row.input, row.result]).toEqual([input, result]);
    expect(secrets().opened(row)).toEqual({ ...row });
    expect(secrets().hidden(row)).toEqual({ ...row });
  });

  it('need a result to be in', () => {
    const running = Object.assign(stored(secrets()), { result: null });
    expect([secrets().opened(running).result, secrets().hidden(running).result]).toEqual([null, null]);
  });
});
