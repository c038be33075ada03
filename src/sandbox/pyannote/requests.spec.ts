import { Stage } from '../testing/stage.js';

describe('requests', () => {
  let stage: Stage;

  beforeAll(async () => (stage = await Stage.build(0.001)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  const body = () => ({ url: stage.vendor.recording(), webhook: stage.receiver.url });
  const known = async () => ((await stage.vendor.call('GET', '/v2/jobs?limit=100')).body.items as object[]).length;

  it.each([400, 401, 402, 429, 500, 502, 503])('can be answered %d, once, with no job behind it', async (code) => {
    const before = await known();
    await stage.vendor.fault('status', { code, retryAfter: 7 });
    const answer = await stage.vendor.call('POST', '/v1/diarize', body());
    expect(answer.status).toBe(code);
    expect(answer.headers.get('retry-after')).toBe('7');
    const keys = { 400: ['message', 'errors'], 402: ['requestId', 'message'], 429: ['requestId', 'message'] };
    expect(Object.keys(answer.body)).toEqual((keys as Record<number, string[]>)[code] ?? ['message']);
    expect(await known()).toBe(before);
    await stage.submit();
  });

  it('can be answered 503 by somebody in between although the job was taken', async () => {
    const before = await known();
    await stage.vendor.fault('status', { code: 503, taken: true, body: '<h1>Service unavailable</h1>' });
    const answer = await stage.vendor.call('POST', '/v1/diarize', body());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html']);
    expect(await known()).toBe(before + 1);
  });

  it.each(['get', 'list', 'media', 'test'])('can fail elsewhere than at a submit: %s', async (on) => {
    await stage.vendor.fault('status', { code: 500, on });
    const jobId = await stage.submit();
    const calls = { get: `/v1/jobs/${jobId}`, list: '/v2/jobs', test: '/v1/test' } as Record<string, string>;
    const path = calls[on];
    const call = () =>
      path === undefined
        ? stage.vendor.call('POST', '/v1/media/input', { url: 'media://a' })
        : stage.vendor.call('GET', path);
    expect((await call()).status).toBe(500);
    expect((await call()).status).toBeLessThan(300);
  });

  it.each([true, false])('can be cut off (job taken: %s)', async (taken) => {
    const before = await known();
    await stage.vendor.admin('DELETE', '/record');
    await stage.vendor.fault('drop', { taken });
    await expect(stage.submit()).rejects.toThrow('fetch failed');
    expect(await known()).toBe(before + (taken ? 1 : 0));
    const { requests } = (await stage.vendor.admin('GET', '/record')).body as { requests: object[] };
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/pyannote/v1/diarize', status: null, body: body() });
    expect('jobId' in (requests[0] ?? {})).toBe(taken);
  });

  it('can be slow', async () => {
    await stage.vendor.fault('slow', { ms: 150 });
    const from = Date.now();
    await stage.submit();
    expect(Date.now() - from).toBeGreaterThanOrEqual(149);
  });

  it('can be overtaken by the notice', async () => {
    await stage.vendor.fault('before-answer');
    const jobId = await stage.submit();
    expect(stage.receiver.received).toHaveLength(1);
    expect(stage.receiver.received[0]?.body).toContain(jobId);
    const { requests, notices } = (await stage.vendor.admin('GET', '/record')).body as Record<
      string,
      { [key: string]: string }[]
    >;
    const answered = requests?.find((request) => request.jobId === jobId)?.answeredAt ?? '';
    const told = notices?.find((notice) => notice.jobId === jobId)?.answeredAt ?? '';
    expect(answered >= told && told !== '').toBe(true);
  });

  it('can lead to failure, cancellation or nothing at all', async () => {
    await stage.vendor.fault('fail', { error: 'The moon is full.' });
    expect(await stage.vendor.ended(await stage.submit())).toMatchObject({
      status: 'failed',
      output: { error: 'The moon is full.' },
    });
    await stage.vendor.fault('cancel');
    const canceled = await stage.vendor.ended(await stage.submit());
    expect(canceled.status).toBe('canceled');
    expect(canceled).not.toHaveProperty('output');
    await stage.vendor.fault('hang');
    const hanging = await stage.submit();
    await stage.vendor.ended(await stage.submit());
    expect((await stage.vendor.job(hanging)).status).toBe('running');
    await stage.receiver.wait(3);
    expect(stage.receiver.received.some((one) => one.body.includes(hanging))).toBe(false);
    expect(stage.receiver.received.map((one) => Object.keys(JSON.parse(one.body) as object).length)).toEqual([2, 2, 3]);
  });

  it('can lead to a result that is gone, or to a job nobody knows', async () => {
    await stage.vendor.fault('result-gone');
    const gone = await stage.vendor.ended(await stage.submit());
    expect(gone.status).toBe('succeeded');
    expect(gone).not.toHaveProperty('output');
    const [notice] = await stage.receiver.wait(1);
    expect(JSON.parse(notice?.body ?? '')).toEqual({ jobId: gone.jobId, status: 'succeeded' });
    const forgotten = await stage.submit();
    await stage.vendor.ended(forgotten);
    await stage.vendor.fault('forget', { match: { jobId: forgotten } });
    expect((await stage.vendor.call('GET', `/v1/jobs/${forgotten}`)).status).toBe(404);
    expect((await stage.vendor.call('GET', `/v1/jobs/${gone.jobId}`)).status).toBe(200);
  });

  it('can take their time, in real milliseconds', async () => {
    await stage.vendor.fault('processing', { ms: 250, match: { url: 'two-voices' } });
    const from = Date.now();
    const jobId = await stage.submit();
    await stage.vendor.ended(jobId);
    expect(Date.now() - from).toBeGreaterThanOrEqual(249);
  });

  it('are counted per route', async () => {
    await stage.vendor.admin('DELETE', '/record');
    await stage.vendor.call('GET', '/v1/test');
    await stage.vendor.call('GET', '/v1/test', undefined, 'sk_wrong');
    const { requests } = (await stage.vendor.admin('GET', '/record/counts')).body;
    expect(requests).toEqual({ 'GET /pyannote/v1/test': { total: 2, byStatus: { 200: 1, 401: 1 } } });
  });
});
