import { FAST, FalStage } from '../testing/fal-stage.js';

describe('fal.ai on a bad day', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(0.001)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  const known = async () => ((await stage.admin('GET', '/record')).body.jobs as object[]).length;

  it.each([401, 403, 429, 500, 502, 503, 504])('answers %d to a submit, once, with nothing behind it', async (code) => {
    const before = await known();
    await stage.fault('status', { code, retryAfter: 7 });
    const answer = await stage.trySubmit();
    expect([answer.status, answer.headers.get('retry-after'), Object.keys(answer.body)]).toEqual([
      code,
      '7',
      ['detail'],
    ]);
    expect(await known()).toBe(before);
    await stage.submit();
  });

  it('has locked the account', async () => {
    await stage.fault('locked', { times: null });
    for (let n = 0; n < 2; n++) {
      const { status, body } = await stage.trySubmit();
      expect([status, body.detail]).toEqual([403, expect.stringMatching(/locked.*balance/i)]);
    }
  });

  it.each([true, false])('cuts the line at a submit (request taken: %s)', async (taken) => {
    const before = await known();
    await stage.fault('drop', { taken });
    await expect(stage.submit()).rejects.toThrow('fetch failed');
    expect(await known()).toBe(before + (taken ? 1 : 0));
    if (taken) await stage.receiver.wait(1);
  });

  it('takes a request behind somebody who answers 502', async () => {
    const before = await known();
    await stage.fault('status', { code: 502, taken: true, body: '<h1>Bad gateway</h1>' });
    const answer = await stage.trySubmit();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await known()).toBe(before + 1);
  });

  it.each(['status', 'stream', 'result', 'cancel', 'storage', 'jwks'])('fails elsewhere, once: %s', async (on) => {
    const id = await stage.submit();
    await stage.ended(id);
    const { restUrl, jwksUrl, key } = stage.sandbox.fal;
    const base = `${FAST}/requests/${id}`;
    const calls: Record<string, () => Promise<{ status: number }>> = {
      status: () => stage.status(id),
      stream: () => stage.queue('GET', `${base}/status/stream`),
      result: () => stage.result(id),
      cancel: () => stage.queue('PUT', `${base}/cancel`),
      storage: () =>
        fetch(`${restUrl}/storage/upload/initiate`, {
          method: 'POST',
          headers: { authorization: `Key ${key}`, 'content-type': 'application/json' },
          body: '{"content_type":"application/zip","file_name":"a.zip"}',
        }),
      jwks: () => fetch(jwksUrl),
    };
    await stage.fault('status', { code: 503, on });
    expect((await calls[on]?.())?.status).toBe(503);
    expect((await calls[on]?.())?.status).toBe(on === 'cancel' ? 400 : 200);
  });

  it('has keys that nobody can read, or none, or is slow to show them', async () => {
    const keys = () => fetch(stage.sandbox.fal.jwksUrl);
    await stage.fault('jwks-garbage');
    await expect((await keys()).json()).rejects.toThrow();
    await stage.fault('jwks-empty');
    expect(await (await keys()).json()).toEqual({ keys: [] });
    await stage.fault('slow', { on: 'jwks', ms: 150 });
    const from = Date.now();
    expect(await (await keys()).json()).toEqual({
      keys: expect.arrayContaining([{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String) as string }]) as object[],
    });
    expect(Date.now() - from).toBeGreaterThanOrEqual(149);
  });
});
