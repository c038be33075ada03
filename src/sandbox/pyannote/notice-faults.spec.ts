import type { Received } from '../testing/receiver.js';
import { Stage } from '../testing/stage.js';
import { sign } from './signature.js';

const FACTOR = 0.001;

function told(one?: Received) {
  return JSON.parse(one?.body ?? 'null') as { jobId: string; status: unknown; output?: object };
}

describe('notices', () => {
  let stage: Stage;

  beforeAll(async () => (stage = await Stage.build(FACTOR)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  it('can be lost', async () => {
    await stage.vendor.fault('lose');
    const lost = await stage.submit();
    await stage.vendor.ended(lost);
    const next = await stage.submit();
    await stage.receiver.wait(1);
    expect(stage.receiver.received.map((one) => told(one).jobId)).toEqual([next]);
    expect(await stage.noticesOf(lost)).toEqual([]);
    const { jobs } = (await stage.vendor.admin('GET', '/record')).body as { jobs: object[] };
    expect(jobs).toContainEqual(expect.objectContaining({ jobId: lost, type: 'diarize', faults: ['lose'] }));
  });

  it.each([true, false])('can be doubled (in parallel: %s)', async (parallel) => {
    const all = await stage.struck(3, 'duplicate', { copies: 2, parallel });
    expect(new Set(all.map((one) => one.body)).size).toBe(1);
    expect(all.every((one) => stage.isGenuine(one))).toBe(true);
  });

  it('can be late', async () => {
    const from = Date.now();
    await stage.struck(1, 'delay', { ms: 150 });
    expect(Date.now() - from).toBeGreaterThanOrEqual(150);
  });

  it('can overtake each other', async () => {
    await stage.vendor.fault('reorder');
    const first = await stage.submit();
    await stage.vendor.ended(first);
    const second = await stage.submit();
    expect((await stage.receiver.wait(2)).map((one) => told(one).jobId)).toEqual([second, first]);
  });

  it('can carry a wrong signature, on all tries or on the first ones', async () => {
    const [forged] = await stage.struck(1, 'wrong-signature');
    expect(stage.isGenuine(forged)).toBe(false);
    stage.receiver.received.length = 0;
    stage.receiver.react((response, { headers }) => response.writeHead(headers['x-retry-num'] ? 200 : 401).end());
    const tries = await stage.struck(2, 'wrong-signature', { tries: 1 });
    expect(tries.map((one) => stage.isGenuine(one))).toEqual([false, true]);
  });

  it.each([
    ['stale-timestamp', -900],
    ['future-timestamp', 900],
  ])('can be from another time: %s', async (fault, shift) => {
    const [one] = await stage.struck(1, fault, { seconds: 900 });
    const stamp = Number(one?.headers['x-request-timestamp']);
    expect(Math.abs(stamp - shift - Date.now() / 1000)).toBeLessThan(5);
    expect(stage.isGenuine(one)).toBe(true);
  });

  it('can be signed in base64', async () => {
    const [one] = await stage.struck(1, 'base64-signature');
    const stamp = String(one?.headers['x-request-timestamp']);
    expect(one?.headers['x-signature']).toBe(
      sign(stage.sandbox.pyannote.webhookSecret, stamp, one?.body ?? '', 'base64'),
    );
  });

  it('can keep the time of the first try on all retries', async () => {
    stage.receiver.react((response) => setTimeout(() => response.writeHead(500).end(), 280));
    const all = await stage.struck(4, 'frozen-timestamp');
    expect(new Set(all.map((one) => one.headers['x-request-timestamp'])).size).toBe(1);
    expect(new Set(all.map((one) => one.headers['x-signature'])).size).toBe(1);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['letter-case', {}, 'SUCCEEDED'],
    ['letter-case', { as: 'Succeeded' }, 'Succeeded'],
    ['unknown-status', { status: 'finished' }, 'finished'],
    ['unknown-status', {}, 'done'],
    ['raw-status', { value: null }, null],
    ['raw-status', { value: 7 }, 7],
    ['raw-status', { absent: true }, undefined],
  ])('can word the status otherwise: %s %j', async (fault, params, status) => {
    const [one] = await stage.struck(1, fault, params);
    expect(told(one).status).toEqual(status);
    expect('status' in told(one)).toBe(status !== undefined);
    expect(stage.isGenuine(one)).toBe(true);
  });

  it('can carry an empty output', async () => {
    const [one] = await stage.struck(1, 'no-output-keys');
    expect(told(one)).toMatchObject({ status: 'succeeded', output: {} });
    expect(told(one).output).toEqual({});
  });

  it('can call a failure a cancellation, as they once did', async () => {
    await stage.vendor.fault('fail', { error: 'Enough.' });
    const [one] = await stage.struck(1, 'failed-as-canceled');
    expect(told(one).status).toBe('canceled');
    expect(await stage.vendor.job(told(one).jobId)).toMatchObject({ status: 'failed', output: { error: 'Enough.' } });
  });

  it('can contradict themselves', async () => {
    const all = await stage.struck(2, 'contradict');
    expect(all.map((one) => told(one).status).sort()).toEqual(['failed', 'succeeded']);
    expect(all.every((one) => stage.isGenuine(one))).toBe(true);
  });

  it('can be joined or replaced by something else', async () => {
    const both = await stage.struck(2, 'extra-notice-body', { body: { hello: 1 } });
    expect(both[0]?.body).toBe('{"hello":1}');
    expect(told(both[1]).status).toBe('succeeded');
    stage.receiver.received.length = 0;
    const [only] = await stage.struck(1, 'extra-notice-body', { body: 'not json', instead: true });
    expect(only?.body).toBe('not json');
    expect([...both, only].every((one) => stage.isGenuine(one))).toBe(true);
  });
});
