import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox.js';
import { isGenuine, type Received, type Receiver, startReceiver, until } from '../testing/receiver.js';
import { VendorClient } from '../testing/vendor-client.js';
import { sign } from './signature.js';

const audioDir = join(__dirname, '../../../examples/audio');
const FACTOR = 0.001;

describe('notices', () => {
  let sandbox: Sandbox;
  let vendor: VendorClient;
  let receiver: Receiver;

  beforeAll(async () => {
    sandbox = await startSandbox({ factor: FACTOR, audioDir });
    vendor = new VendorClient(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => (receiver = await startReceiver()));
  afterEach(async () => {
    await vendor.admin('DELETE', '/faults');
    await receiver.stop();
  });

  const submit = () => vendor.submit('diarize', { url: vendor.recording(), webhook: receiver.url });
  const genuine = (one: Received) => isGenuine(one, sandbox.pyannote.webhookSecret);
  const told = (one?: Received) =>
    JSON.parse(one?.body ?? 'null') as { jobId: string; status: unknown; output?: object };
  const noticesOf = async (jobId: string) => {
    const { notices } = (await vendor.admin('GET', '/record')).body as { notices: Record<string, unknown>[] };
    return notices.filter((notice) => notice.jobId === jobId);
  };

  /** Strikes the next notice and returns what arrived, once `count` deliveries are there. */
  async function struck(count: number, fault: string, params: Record<string, unknown> = {}): Promise<Received[]> {
    await vendor.fault(fault, params);
    await submit();
    return receiver.wait(count);
  }

  it('are tried four times in all and then dropped, with the reason of the try before', async () => {
    receiver.react((response) => response.writeHead(500).end('no'));
    const jobId = await submit();
    const all = await receiver.wait(4);
    expect(all.map((one) => [one.headers['x-retry-num'], one.headers['x-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(all.every(genuine)).toBe(true);
    await until(async () => (await noticesOf(jobId)).at(3)?.answeredAt !== null, 'the last answer');
    const notices = (await noticesOf(jobId)) as { try: number; status: number; error: string; sentAt: string }[];
    expect(notices.map(({ try: n, status, error }) => [n, status, error])).toEqual(
      [1, 2, 3, 4].map((n) => [n, 500, 'http_error']),
    );
    const [, second, third, fourth] = notices.map(({ sentAt }) => Date.parse(sentAt));
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(60_000 * FACTOR - 2);
    expect((fourth ?? 0) - (third ?? 0)).toBeGreaterThanOrEqual(300_000 * FACTOR - 2);
  });

  it('stop being tried after a good answer', async () => {
    receiver.react((response, { headers }) => response.writeHead(headers['x-retry-num'] === '1' ? 204 : 503).end());
    const jobId = await submit();
    await until(async () => (await noticesOf(jobId)).some((one) => one.status === 204), 'the good answer');
    expect((await noticesOf(jobId)).map((one) => one.status)).toEqual([503, 204]);
  });

  it('give up on who does not answer, hangs up or is not there, and say so in the retry', async () => {
    receiver.react((response, { headers }) => {
      if (headers['x-retry-num'] === '1') response.destroy();
      if (headers['x-retry-num'] === '2') response.end();
    });
    await submit();
    const all = await receiver.wait(3);
    expect(all.map((one) => one.headers['x-retry-reason'])).toEqual([undefined, 'http_timeout', 'connection_failed']);
  });

  it('follow two redirects and no more', async () => {
    receiver.react((response, { path }) => {
      const step = Number(/\d+$/.exec(path)?.[0] ?? 0);
      if (step < 2) response.writeHead(307, { location: `/hook${step + 1}` });
      response.end();
    });
    const good = await submit();
    expect((await receiver.wait(3)).map((one) => one.path)).toEqual(['/hook', '/hook1', '/hook2']);
    await until(async () => (await noticesOf(good))[0]?.status === 200, 'the answer');
    receiver.react((response) => response.writeHead(302, { location: '/hook' }).end());
    const round = await submit();
    await until(async () => (await noticesOf(round))[0]?.error === 'too_many_redirects', 'the refusal');
  });

  it('can be lost', async () => {
    await vendor.fault('lose');
    const lost = await submit();
    await vendor.ended(lost);
    const next = await submit();
    await receiver.wait(1);
    expect(receiver.received.map((one) => told(one).jobId)).toEqual([next]);
    expect(await noticesOf(lost)).toEqual([]);
    const { jobs } = (await vendor.admin('GET', '/record')).body as { jobs: object[] };
    expect(jobs).toContainEqual(expect.objectContaining({ jobId: lost, type: 'diarize', faults: ['lose'] }));
  });

  it.each([true, false])('can be doubled (in parallel: %s)', async (parallel) => {
    const all = await struck(3, 'duplicate', { copies: 2, parallel });
    expect(new Set(all.map((one) => one.body)).size).toBe(1);
    expect(all.every(genuine)).toBe(true);
  });

  it('can be late', async () => {
    const from = Date.now();
    await struck(1, 'delay', { ms: 150 });
    expect(Date.now() - from).toBeGreaterThanOrEqual(150);
  });

  it('can overtake each other', async () => {
    await vendor.fault('reorder');
    const first = await submit();
    await vendor.ended(first);
    const second = await submit();
    expect((await receiver.wait(2)).map((one) => told(one).jobId)).toEqual([second, first]);
  });

  it('can carry a wrong signature, on all tries or on the first ones', async () => {
    const [forged] = await struck(1, 'wrong-signature');
    expect(forged === undefined || genuine(forged)).toBe(false);
    receiver.received.length = 0;
    receiver.react((response, { headers }) => response.writeHead(headers['x-retry-num'] ? 200 : 401).end());
    const tries = await struck(2, 'wrong-signature', { tries: 1 });
    expect(tries.map(genuine)).toEqual([false, true]);
  });

  it.each([
    ['stale-timestamp', -900],
    ['future-timestamp', 900],
  ])('can be from another time: %s', async (fault, shift) => {
    const [one] = await struck(1, fault, { seconds: 900 });
    const stamp = Number(one?.headers['x-request-timestamp']);
    expect(Math.abs(stamp - shift - Date.now() / 1000)).toBeLessThan(5);
    expect(one !== undefined && genuine(one)).toBe(true);
  });

  it('can be signed in base64', async () => {
    const [one] = await struck(1, 'base64-signature');
    const stamp = String(one?.headers['x-request-timestamp']);
    expect(one?.headers['x-signature']).toBe(sign(sandbox.pyannote.webhookSecret, stamp, one?.body ?? '', 'base64'));
  });

  it('can keep the time of the first try on all retries', async () => {
    receiver.react((response) => setTimeout(() => response.writeHead(500).end(), 280));
    const all = await struck(4, 'frozen-timestamp');
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
    const [one] = await struck(1, fault, params);
    expect(told(one).status).toEqual(status);
    expect('status' in told(one)).toBe(status !== undefined);
    expect(one !== undefined && genuine(one)).toBe(true);
  });

  it('can carry an empty output', async () => {
    const [one] = await struck(1, 'no-output-keys');
    expect(told(one)).toMatchObject({ status: 'succeeded', output: {} });
    expect(told(one).output).toEqual({});
  });

  it('can call a failure a cancellation, as they once did', async () => {
    await vendor.fault('fail', { error: 'Enough.' });
    const [one] = await struck(1, 'failed-as-canceled');
    expect(told(one).status).toBe('canceled');
    expect(await vendor.job(told(one).jobId)).toMatchObject({ status: 'failed', output: { error: 'Enough.' } });
  });

  it('can contradict themselves', async () => {
    const all = await struck(2, 'contradict');
    expect(all.map((one) => told(one).status).sort()).toEqual(['failed', 'succeeded']);
    expect(all.every(genuine)).toBe(true);
  });

  it('can be joined or replaced by something else', async () => {
    const both = await struck(2, 'extra-notice-body', { body: { hello: 1 } });
    expect(both[0]?.body).toBe('{"hello":1}');
    expect(told(both[1]).status).toBe('succeeded');
    receiver.received.length = 0;
    const [only] = await struck(1, 'extra-notice-body', { body: 'not json', instead: true });
    expect(only?.body).toBe('not json');
    expect(both.every(genuine) && only !== undefined && genuine(only)).toBe(true);
  });

  it('can be asked for again, to any address', async () => {
    const jobId = await submit();
    await receiver.wait(1);
    const other = `${receiver.url}/other`;
    const again = await vendor.admin('POST', `/pyannote/jobs/${jobId}/notice`, { url: other, headers: { 'x-a': 'b' } });
    expect(again.body).toMatchObject({ jobId, try: 1, kind: 'resend', url: other, status: 200 });
    expect(receiver.received[1]).toMatchObject({ path: '/hook/other', body: receiver.received[0]?.body });
    expect(receiver.received[1]?.headers['x-a']).toBe('b');
    expect((await vendor.admin('POST', `/pyannote/jobs/${jobId}/notice`)).status).toBe(200);
    expect((await vendor.admin('POST', '/pyannote/jobs/nobody/notice')).status).toBe(404);
  });
});
