import { FalStage, told } from '../testing/fal-stage.js';
import { until } from '../testing/receiver.js';

const FACTOR = 0.001;

describe('a notice', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(FACTOR)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  const sentOf = async (id: string) => {
    const { notices } = (await stage.admin('GET', '/record')).body as {
      notices: { jobId: string; try: number; status: number | null; kind: string; body: string }[];
    };
    return notices.filter((notice) => notice.jobId === id);
  };

  it('is genuine, written as Python does, and carries what the result is', async () => {
    const id = await stage.submit();
    const [notice] = await stage.receiver.wait(1);
    const body = notice?.body ?? '';
    expect(
      body.startsWith(`{"error": null, "gateway_request_id": "${id}", "payload": {"config_file": {"content_type"`),
    ).toBe(true);
    expect(body.endsWith(`, "request_id": "${id}", "status": "OK"}`)).toBe(true);
    expect(notice?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-fal-webhook-request-id': id,
      'x-fal-webhook-user-id': stage.sandbox.fal.userId,
      'x-fal-webhook-timestamp': expect.stringMatching(/^\d{10}$/) as string,
      'x-fal-webhook-signature': expect.stringMatching(/^[0-9a-f]{128}$/) as string,
    });
    expect(await stage.isGenuine(notice)).toBe(true);
    expect(told(notice).payload).toEqual((await stage.result(id)).body);
  });

  it('tells of a failure with the detail of the model', async () => {
    await stage.fault('fail', { code: 500, detail: 'CUDA out of memory', errorType: 'runner_server_error' });
    const id = await stage.submit();
    const [notice] = await stage.receiver.wait(1);
    expect(told(notice)).toEqual({
      request_id: id,
      gateway_request_id: id,
      status: 'ERROR',
      error: 'Invalid status code: 500',
      payload: { detail: 'CUDA out of memory' },
    });
    expect(await stage.ended(id)).toMatchObject({
      error: 'Invalid status code: 500',
      error_type: 'runner_server_error',
    });
    const result = await stage.result(id);
    expect([result.status, result.headers.get('x-fal-error-type')]).toEqual([500, 'runner_server_error']);
    expect(result.body).toEqual({ detail: 'CUDA out of memory', error_type: 'runner_server_error' });
  });

  it('is tried again with a fresh proof until it is taken', async () => {
    let tries = 0;
    stage.receiver.react((response) => response.writeHead(++tries < 4 ? 503 : 200).end());
    const id = await stage.submit();
    const all = await stage.receiver.wait(4);
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    expect(await Promise.all(all.map((one) => stage.isGenuine(one)))).toEqual([true, true, true, true]);
    await until(async () => (await sentOf(id)).at(3)?.status === 200, 'the good answer');
    expect((await sentOf(id)).map(({ status }) => status)).toEqual([503, 503, 503, 200]);
  });

  it('is given up after ten more tries by the policy of old', async () => {
    expect((await stage.admin('PUT', '/fal/retry-policy', { policy: 'older' })).status).toBe(400);
    await stage.admin('PUT', '/fal/retry-policy', { policy: 'old' });
    stage.receiver.react((response) => response.writeHead(500).end());
    await stage.submit();
    await stage.receiver.wait(11);
    await stage.admin('PUT', '/fal/retry-policy', { policy: 'new' });
    expect(stage.receiver.received).toHaveLength(11);
  });

  it('is lost for good to whoever answers with another address', async () => {
    stage.receiver.react((response, { path }) => {
      if (path === '/hook') response.writeHead(308, { location: '/hook/' });
      response.end();
    });
    const id = await stage.submit();
    await stage.ended(id);
    const next = await stage.submit();
    await until(async () => (await sentOf(next))[0]?.status === 308, 'the notice after it');
    expect((await sentOf(id)).map((sent) => sent.status)).toEqual([308]);
    expect(stage.receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
  });

  it('can be asked for again, to any address', async () => {
    const id = await stage.submit();
    const [first] = await stage.receiver.wait(1);
    const url = `${stage.receiver.url}/other`;
    const again = await stage.admin('POST', `/fal/jobs/${id}/notice`, { url, headers: { 'x-a': 'b' } });
    expect(again.body).toMatchObject({ jobId: id, kind: 'resend', url, status: 200 });
    expect(stage.receiver.received[1]).toMatchObject({ path: '/hook/other', body: first?.body });
    expect(stage.receiver.received[1]?.headers['x-a']).toBe('b');
    expect((await stage.admin('POST', '/fal/jobs/nobody/notice')).status).toBe(404);
  });

  it('can be sent as a relay words it, with a proof of its own', async () => {
    const id = await stage.submit();
    await stage.ended(id);
    const relay = { url: `${stage.receiver.url}/relay`, secret: 'whsec_c2VjcmV0', token: 'relay-token' };
    const notices = [
      { status: 'Completed', under: 'output' },
      { status: 'in_progress', progress: 60, message: 'training' },
    ];
    expect((await stage.admin('POST', `/fal/jobs/${id}/relay`, { ...relay, notices })).status).toBe(200);
    const relayed = stage.receiver.received.filter(({ path }) => path === '/hook/relay');
    const { body: output } = await stage.result(id);
    expect(relayed.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { request_id: id, status: 'Completed', output },
      { request_id: id, status: 'in_progress', progress: 60, message: 'training' },
    ]);
    expect(relayed[0]?.headers).toMatchObject({
      authorization: 'Bearer relay-token',
      'webhook-signature': expect.stringMatching(/^v1,/) as string,
    });
  });
});
