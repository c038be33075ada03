import type { Change } from '../../kernel/jobs/change.js';
import { diarization } from './diarization.kind.js';
import { largeJobFrom, largeResult } from './pyannote.large.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { TURNS, aJob, aNotice, stage } from './testing/stage.js';

const MIB = 1_024 ** 2;
const vendor = new LittleVendor();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

async function* once(text: string) {
  for (let at = 0; at < text.length; at += 1_000) yield await Promise.resolve(Buffer.from(text.slice(at, at + 1_000)));
}

async function read(bytes: AsyncIterable<Uint8Array> | undefined): Promise<unknown> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes ?? []) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

const scores = { score: Array.from({ length: 2 * MIB }, (_, n) => n % 100), resolution: 0.02 };
const large = (status: string) => ({ jobId: 'x', status, output: { confidence: scores, diarization: TURNS } });
const answering = (text: string, status = 200) => (vendor.answer = () => ({ status, text }));
const check = () => stage(baseUrl).provider.check(aJob());

describe('an output too large to be held', () => {
  it('is a stream of the very same result', async () => {
    answering(JSON.stringify(large('succeeded')));
    const change = await check();
    expect(change).toMatchObject({ to: 'succeeded' });
    expect(change).not.toHaveProperty('result');
    expect(await read(change?.resultStream)).toEqual({ confidence: scores, diarization: TURNS });
  });

  it('is a stream, too, where a notice said that it is there', async () => {
    answering(JSON.stringify(large('succeeded')));
    const notice = aNotice({ jobId: 'x', status: 'succeeded' });
    const change = await stage(baseUrl).provider.interpret(notice, aJob());
    expect(await read(change?.resultStream)).toMatchObject({ diarization: TURNS });
  });

  it('is none of a job that failed, for whatever reason it is there', async () => {
    answering(JSON.stringify(large('failed')));
    expect(await check()).toMatchObject({ to: 'failed', error: { code: 'vendor_failed' } });
  });

  it('is left alone in a list, where it would wait for the others', async () => {
    const items = [{ id: 'ext-0', status: 'succeeded', createdAt: new Date().toISOString() }];
    vendor.answer = ({ url }) => ({ status: 200, json: url.startsWith('/v2/jobs') ? { items } : large('succeeded') });
    const { provider } = stage(baseUrl);
    const huge = aJob({ externalId: 'ext-0', createdAt: new Date(), input: { url: 'u', confidence: true } });
    expect(await provider.checkMany([huge])).toEqual(new Map());
    const found: Map<string, Change | null> = await provider.checkMany([{ ...huge, input: { url: 'u' } }]);
    expect([...found.values()]).toMatchObject([{ to: 'succeeded' }]);
    await read(found.get(huge.id)?.resultStream);
  });

  it('is an answer cut short, if it is', async () => {
    answering(JSON.stringify(large('succeeded')).slice(0, -100));
    const change = await check();
    await expect(read(change?.resultStream)).rejects.toThrow('ends too early');
  });

  it('is no answer to anything but a question about a job', async () => {
    answering(`"${'x'.repeat(5 * MIB)}"`);
    await expect(stage(baseUrl).client.jobs()).rejects.toThrow('larger than');
    await expect(check()).rejects.toThrow('an object');
  });

  it.each([['[1]'], ['{"status":"succeeded"}'], ['{}']])('is not in %s', async (text) => {
    await expect(largeJobFrom(once(text))).rejects.toThrow(/documented|an object/);
  });
});

describe('a status that comes after the output', () => {
  const late = (status: string) => JSON.stringify({ output: { diarization: TURNS }, jobId: 'x', status });

  it('is looked at when the output has been read', async () => {
    const job = await largeJobFrom(once(late('succeeded')));
    expect(job.status).toBe('succeeded');
    expect(await read(job.large?.text)).toEqual({ diarization: TURNS });
  });

  it.each(['failed', 'running', 'nonsense'])('makes the output worth nothing when it is %s', async (status) => {
    const job = await largeJobFrom(once(late(status)));
    await expect(read(job.large?.text)).rejects.toThrow('has not succeeded');
  });
});

describe('the result of a large output', () => {
  const resultOf = (output: object) => read(largeResult(diarization, { text: once(JSON.stringify(output)) }));

  it('has everything that the vendor said, and words under text', async () => {
    const output = {
      speakerProbability: { score: { SPEAKER_00: [1, 2] }, resolution: 0.02 },
      diarization: TURNS,
      wordLevelTranscription: [{ word: 'Hi', start: 0, end: 1, speaker: 'SPEAKER_00' }],
      confidence: { score: [1], resolution: 0.02 },
      warning: 'w',
      new: { to: 'us' },
    };
    const { word: text, ...rest } = output.wordLevelTranscription[0] ?? {};
    expect(await resultOf(output)).toEqual({ ...output, wordLevelTranscription: [{ ...rest, text }] });
  });

  it.each([[{}], [{ confidence: scores }], [{ diarization: null }]])('is none without turns', async (output) => {
    await expect(resultOf(output)).rejects.toThrow('no usable output');
  });

  it('may have no frame scores, and no turns in it', async () => {
    expect(await resultOf({ diarization: [] })).toEqual({ diarization: [] });
  });
});
