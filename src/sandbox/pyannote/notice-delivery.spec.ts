import { until } from '../testing/receiver.js';
import { Stage } from '../testing/stage.js';

const FACTOR = 0.001;

describe('delivering notices', () => {
  let stage: Stage;

  beforeAll(async () => (stage = await Stage.build(FACTOR)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  it('are tried four times in all and then dropped, with the reason of the try before', async () => {
    stage.receiver.react((response) => response.writeHead(500).end('no'));
    const jobId = await stage.submit();
    const all = await stage.receiver.wait(4);
    expect(all.map((one) => [one.headers['x-retry-num'], one.headers['x-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(all.every((one) => stage.isGenuine(one))).toBe(true);
    await until(async () => (await stage.noticesOf(jobId)).at(3)?.status === 500, 'the last answer');
    const notices = await stage.noticesOf(jobId);
    expect(notices.map(({ try: n, status, error }) => [n, status, error])).toEqual(
      [1, 2, 3, 4].map((n) => [n, 500, 'http_error']),
    );
    const [, second, third, fourth] = notices.map(({ sentAt }) => Date.parse(sentAt));
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(60_000 * FACTOR - 2);
    expect((fourth ?? 0) - (third ?? 0)).toBeGreaterThanOrEqual(300_000 * FACTOR - 2);
  });

  it('stop being tried after a good answer', async () => {
    stage.receiver.react((response, { headers }) =>
      response.writeHead(headers['x-retry-num'] === '1' ? 204 : 503).end(),
    );
    const jobId = await stage.submit();
    await until(async () => (await stage.noticesOf(jobId)).some((one) => one.status === 204), 'the good answer');
    expect((await stage.noticesOf(jobId)).map((one) => one.status)).toEqual([503, 204]);
  });

  it('give up on who does not answer, hangs up or is not there, and say so in the retry', async () => {
    stage.receiver.react((response, { headers }) => {
      if (headers['x-retry-num'] === '1') response.destroy();
      if (headers['x-retry-num'] === '2') response.end();
    });
    await stage.submit();
    const all = await stage.receiver.wait(3);
    expect(all.map((one) => one.headers['x-retry-reason'])).toEqual([undefined, 'http_timeout', 'connection_failed']);
  });

  it('follow two redirects and no more', async () => {
    stage.receiver.react((response, { path }) => {
      const step = Number(/\d+$/.exec(path)?.[0] ?? 0);
      if (step < 2) response.writeHead(307, { location: `/hook${step + 1}` });
      response.end();
    });
    const good = await stage.submit();
    expect((await stage.receiver.wait(3)).map((one) => one.path)).toEqual(['/hook', '/hook1', '/hook2']);
    await until(async () => (await stage.noticesOf(good))[0]?.status === 200, 'the answer');
    stage.receiver.react((response) => response.writeHead(302, { location: '/hook' }).end());
    const round = await stage.submit();
    await until(async () => (await stage.noticesOf(round))[0]?.error === 'too_many_redirects', 'the refusal');
  });

  it('can be asked for again, to any address', async () => {
    const jobId = await stage.submit();
    await stage.receiver.wait(1);
    const other = `${stage.receiver.url}/other`;
    const again = await stage.vendor.admin('POST', `/pyannote/jobs/${jobId}/notice`, {
      url: other,
      headers: { 'x-a': 'b' },
    });
    expect(again.body).toMatchObject({ jobId, try: 1, kind: 'resend', url: other, status: 200 });
    expect(stage.receiver.received[1]).toMatchObject({ path: '/hook/other', body: stage.receiver.received[0]?.body });
    expect(stage.receiver.received[1]?.headers['x-a']).toBe('b');
    expect((await stage.vendor.admin('POST', `/pyannote/jobs/${jobId}/notice`)).status).toBe(200);
    expect((await stage.vendor.admin('POST', '/pyannote/jobs/nobody/notice')).status).toBe(404);
  });
});
