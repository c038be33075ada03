import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { Pace } from '../../config/pace.js';
import { parseEnv } from '../../config/parse-env.js';
import { ServiceEnv } from '../../config/service.env.js';
import type { Transaction } from '../../database/database.js';
import type { FilesService, NewResult } from '../../files/files.service.js';
import { Job } from '../job.entity.js';
import type { ProviderRegistry } from '../provider-registry.js';
import { whole } from './json-members.js';
import { KeptResults, MOST_IN_ROW } from './kept-results.js';

const job = Object.assign(new Job(), { id: 'j', teamId: 't', kind: 'open', status: 'running' as const });
const secretJob = Object.assign(new Job(), { ...job, kind: 'secret' });

/** A shelf for one file. */
function shelf({ isThere = true } = {}) {
  const kept: (Omit<NewResult, 'bytes'> & { content: Buffer })[] = [];
  const files = {
    async keepResult({ bytes, ...result }: NewResult) {
      kept.push({ ...result, content: await whole(bytes) });
      return { id: 'f' };
    },
    keepForGood: () => Promise.resolve(isThere),
    ofTeam: () => Promise.resolve(isThere ? { id: 'f' } : null),
    read: () => Promise.resolve(Readable.from([kept[0]?.content])),
  };
  const registry = { secretsOf: (kind: string) => (kind === 'secret' ? ['print'] : []) };
  const results = new KeptResults(
    files as unknown as FilesService,
    registry as unknown as ProviderRegistry,
    new Pace(parseEnv(ServiceEnv, {})),
  );
  return { kept, results };
}

const textOf = (packed: Buffer | undefined) => gunzipSync(packed ?? '').toString();

async function* pieces(...texts: string[]) {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

describe('keeping results', () => {
  it('leaves what fits into a row, and what is no result at all', async () => {
    const { kept, results } = shelf();
    const fits = { text: 'x'.repeat(MOST_IN_ROW - 11) };
    expect(JSON.stringify(fits)).toHaveLength(MOST_IN_ROW);
    for (const change of [{ to: 'running' as const, phase: 'p' }, { to: 'succeeded' as const, result: fits }, {}])
      expect(await results.aside(job, change)).toEqual(change);
    expect(await results.aside(job, null)).toBeNull();
    expect(kept).toEqual([]);
  });

  it('never puts a secret into a file, however large the result', async () => {
    const { kept, results } = shelf();
    const change = { to: 'succeeded' as const, result: { print: 'x'.repeat(2 * MOST_IN_ROW) } };
    expect(await results.aside(secretJob, change)).toEqual(change);
    const streamed = { to: 'succeeded' as const, resultStream: pieces('{"print":"x"}') };
    await expect(results.aside(secretJob, streamed)).rejects.toThrow('a result of kind secret has secrets');
    expect(kept).toEqual([]);
  });

  it('puts one byte more into a file that expires unless it is claimed', async () => {
    const { kept, results } = shelf();
    const result = { text: 'x'.repeat(MOST_IN_ROW - 10) };
    const change = await results.aside(job, { to: 'succeeded', result, progress: 1 });
    expect(change).toEqual({ to: 'succeeded', progress: 1, resultFile: { id: 'f', size: MOST_IN_ROW + 1 } });
    expect(kept).toMatchObject([{ teamId: 't', name: 'j.json.gz', mediaType: 'application/gzip', livesMs: 3_600_000 }]);
    expect(JSON.parse(textOf(kept[0]?.content))).toEqual(result);
  });

  it('counts bytes and not letters, and keeps what the database would refuse out of the file too', async () => {
    const { kept, results } = shelf();
    await results.aside(job, { to: 'succeeded', result: { text: `\0${'é'.repeat(MOST_IN_ROW / 2)}` } });
    expect(textOf(kept[0]?.content)).toMatch(/^\{"text":"\uFFFDé/);
  });

  it('puts a stream into a file, whatever its size', async () => {
    const { kept, results } = shelf();
    const change = await results.aside(job, { to: 'succeeded', resultStream: pieces('{"a"', ':1', '}') });
    expect(change).toEqual({ to: 'succeeded', resultFile: { id: 'f', size: 7 } });
    expect(textOf(kept[0]?.content)).toBe('{"a":1}');
  });

  it('keeps nothing of a stream that breaks off', async () => {
    async function* broken() {
      yield await Promise.resolve(Buffer.from('{'));
      throw new Error('the vendor hung up');
    }
    const { kept, results } = shelf();
    await expect(results.aside(job, { to: 'succeeded', resultStream: broken() })).rejects.toThrow('the vendor hung up');
    expect(kept).toEqual([]);
  });

  it('keeps nothing twice: a final job has its result', async () => {
    const { kept, results } = shelf();
    const final = Object.assign(new Job(), job, { status: 'succeeded' });
    expect(await results.aside(final, { to: 'succeeded', resultStream: pieces('{}') })).toEqual({ to: 'succeeded' });
    expect(kept).toEqual([]);
  });
});

describe('a kept result', () => {
  const large = Object.assign(new Job(), job, { status: 'succeeded', resultFile: 'f' });

  it('is given out as it came, or packed', async () => {
    const { kept, results } = shelf();
    await results.aside(job, { resultStream: pieces('{"a":1}') });
    expect((await whole(await results.open(large))).toString()).toBe('{"a":1}');
    expect(await whole(await results.open(large, true))).toEqual(kept[0]?.content);
  });

  it('that is gone cannot be claimed, nor given out', async () => {
    const { results } = shelf({ isThere: false });
    await expect(results.claim({} as Transaction, { id: 'f', size: 1 })).rejects.toThrow('expired');
    await expect(results.open(large)).rejects.toMatchObject({ code: 'result_gone' });
  });
});
