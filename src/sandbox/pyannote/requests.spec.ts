import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox.js';
import { type Receiver, startReceiver } from '../testing/receiver.js';
import { VendorClient } from '../testing/vendor-client.js';

const audioDir = join(__dirname, '../../../examples/audio');

describe('requests', () => {
  let sandbox: Sandbox;
  let vendor: VendorClient;
  let receiver: Receiver;

  beforeAll(async () => {
    sandbox = await startSandbox({ factor: 0.001, audioDir });
    vendor = new VendorClient(sandbox);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await sandbox.stop();
    await receiver.stop();
  });
  beforeEach(() => (receiver.received.length = 0));
  afterEach(() => vendor.admin('DELETE', '/faults'));

  const body = () => ({ url: vendor.recording(), webhook: receiver.url });
  const submit = () => vendor.submit('diarize', body());
  const known = async () => ((await vendor.call('GET', '/v2/jobs?limit=100')).body.items as object[]).length;

  it.each([400, 401, 402, 429, 500, 502, 503])('can be answered %d, once, with no job behind it', async (code) => {
    const before = await known();
    await vendor.fault('status', { code, retryAfter: 7 });
    const answer = await vendor.call('POST', '/v1/diarize', body());
    expect(answer.status).toBe(code);
    expect(answer.headers.get('retry-after')).toBe('7');
    const keys = { 400: ['message', 'errors'], 402: ['requestId', 'message'], 429: ['requestId', 'message'] };
    expect(Object.keys(answer.body)).toEqual((keys as Record<number, string[]>)[code] ?? ['message']);
    expect(await known()).toBe(before);
    await submit();
  });

  it('can be answered 503 by somebody in between although the job was taken', async () => {
    const before = await known();
    await vendor.fault('status', { code: 503, taken: true, body: '<h1>Service unavailable</h1>' });
    const answer = await vendor.call('POST', '/v1/diarize', body());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html']);
    expect(await known()).toBe(before + 1);
  });

  it.each(['get', 'list', 'media', 'test'])('can fail elsewhere than at a submit: %s', async (on) => {
    await vendor.fault('status', { code: 500, on });
    const jobId = await submit();
    const calls = { get: `/v1/jobs/${jobId}`, list: '/v2/jobs', test: '/v1/test' } as Record<string, string>;
    const path = calls[on];
    const call = () =>
      path === undefined ? vendor.call('POST', '/v1/media/input', { url: 'media://a' }) : vendor.call('GET', path);
    expect((await call()).status).toBe(500);
    expect((await call()).status).toBeLessThan(300);
  });

  it.each([true, false])('can be cut off (job taken: %s)', async (taken) => {
    const before = await known();
    await vendor.admin('DELETE', '/record');
    await vendor.fault('drop', { taken });
    await expect(submit()).rejects.toThrow('fetch failed');
    expect(await known()).toBe(before + (taken ? 1 : 0));
    const { requests } = (await vendor.admin('GET', '/record')).body as { requests: object[] };
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/pyannote/v1/diarize', status: null, body: body() });
    expect('jobId' in (requests[0] ?? {})).toBe(taken);
  });

  it('can be slow', async () => {
    await vendor.fault('slow', { ms: 150 });
    const from = Date.now();
    await submit();
    expect(Date.now() - from).toBeGreaterThanOrEqual(149);
  });

  it('can be overtaken by the notice', async () => {
    await vendor.fault('before-answer');
    const jobId = await submit();
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.body).toContain(jobId);
    const { requests, notices } = (await vendor.admin('GET', '/record')).body as Record<
      string,
      { [key: string]: string }[]
    >;
    const answered = requests?.find((request) => request.jobId === jobId)?.answeredAt ?? '';
    const told = notices?.find((notice) => notice.jobId === jobId)?.answeredAt ?? '';
    expect(answered >= told && told !== '').toBe(true);
  });

  it('can lead to failure, cancellation or nothing at all', async () => {
    await vendor.fault('fail', { error: 'The moon is full.' });
    expect(await vendor.ended(await submit())).toMatchObject({
      status: 'failed',
      output: { error: 'The moon is full.' },
    });
    await vendor.fault('cancel');
    const canceled = await vendor.ended(await submit());
    expect(canceled.status).toBe('canceled');
    expect(canceled).not.toHaveProperty('output');
    await vendor.fault('hang');
    const hanging = await submit();
    await vendor.ended(await submit());
    expect((await vendor.job(hanging)).status).toBe('running');
    await receiver.wait(3);
    expect(receiver.received.some((one) => one.body.includes(hanging))).toBe(false);
    expect(receiver.received.map((one) => Object.keys(JSON.parse(one.body) as object).length)).toEqual([2, 2, 3]);
  });

  it('can lead to a result that is gone, or to a job nobody knows', async () => {
    await vendor.fault('result-gone');
    const gone = await vendor.ended(await submit());
    expect(gone.status).toBe('succeeded');
    expect(gone).not.toHaveProperty('output');
    const [notice] = await receiver.wait(1);
    expect(JSON.parse(notice?.body ?? '')).toEqual({ jobId: gone.jobId, status: 'succeeded' });
    const forgotten = await submit();
    await vendor.ended(forgotten);
    await vendor.fault('forget', { match: { jobId: forgotten } });
    expect((await vendor.call('GET', `/v1/jobs/${forgotten}`)).status).toBe(404);
    expect((await vendor.call('GET', `/v1/jobs/${gone.jobId}`)).status).toBe(200);
  });

  it('can take their time, in real milliseconds', async () => {
    await vendor.fault('processing', { ms: 250, match: { url: 'two-voices' } });
    const from = Date.now();
    const jobId = await submit();
    await vendor.ended(jobId);
    expect(Date.now() - from).toBeGreaterThanOrEqual(249);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an unknown vendor', { vendor: 'nobody', fault: 'lose' }],
    ['an unknown fault', { vendor: 'pyannote', fault: 'loose' }],
    ['an unknown parameter', { vendor: 'pyannote', fault: 'lose', seconds: 1 }],
    ['a parameter of another kind', { vendor: 'pyannote', fault: 'slow', ms: '1' }],
    ['an unknown place', { vendor: 'pyannote', fault: 'slow', on: 'moon' }],
    ['a count of nothing', { vendor: 'pyannote', fault: 'lose', times: 0 }],
    ['an unknown match', { vendor: 'pyannote', fault: 'lose', match: { job: 'x' } }],
  ])('faults: refuses %s', async (_title, fault) => {
    expect((await vendor.admin('POST', '/faults', fault)).status).toBe(400);
  });

  it('faults: lists and clears what is still to strike', async () => {
    await vendor.fault('lose', { times: null, match: { url: 'x' } });
    const { faults } = (await vendor.admin('GET', '/faults')).body;
    expect(faults).toMatchObject([{ vendor: 'pyannote', fault: 'lose', times: null, match: { url: 'x' } }]);
    expect((await vendor.admin('DELETE', '/faults')).status).toBe(204);
    expect((await vendor.admin('GET', '/faults')).body).toEqual({ faults: [] });
  });

  it('are counted per route', async () => {
    await vendor.admin('DELETE', '/record');
    await vendor.call('GET', '/v1/test');
    await vendor.call('GET', '/v1/test', undefined, 'sk_wrong');
    const { requests } = (await vendor.admin('GET', '/record/counts')).body;
    expect(requests).toEqual({ 'GET /pyannote/v1/test': { total: 2, byStatus: { 200: 1, 401: 1 } } });
  });
});
