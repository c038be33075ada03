import { randomUUID } from 'node:crypto';
import { whileAway, whileReadOnly } from './harness/away.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';
import { secondsFromNow } from './harness/signed-notice.js';

const FACTOR = 0.05;
const SECOND = 1_000 * FACTOR;
const MINUTE = 60 * SECOND;
const STALE = 16 * 60;

interface RefusalAnswer {
  id: string;
  source: string;
  reason: string;
  address: string;
  headers: Record<string, string | string[]>;
  bodyBase64: string;
  bodyLength: number;
}

describe('Notices that are turned away, and who may see what came', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await (await World.create('inbound refusals', { factor: FACTOR, env: { TRUST_PROXY: 'true' } })).start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());

  let hosts = 0;
  const somebody = () => `198.51.100.${++hosts}`;
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const refusals = async (query = '') =>
    (await world.client.get<{ items: RefusalAnswer[] }>(`/v1/refusals?${query}`)).body.items;
  const running = async (body?: Record<string, unknown>) => {
    await world.vendor.fault('hang');
    const job = await world.until((await world.diarize(body)).id, 'running');
    return { ...job, externalId: job.externalId ?? '' };
  };
  const questions = async (vendorId: string) =>
    (await world.vendor.record()).requests.filter(({ method, jobId }) => method === 'GET' && jobId === vendorId).length;

  it('are kept with their reason, their address and the beginning of what they said', async () => {
    const address = somebody();
    const body = JSON.stringify({ jobId: randomUUID(), filler: 'x'.repeat(20_000) });
    const answer = await inbox.send(body, { secret: 'whs_wrong', ...from(address) });
    expect(answer.status).toBe(401);
    const [kept] = await eventually('the refusal', async () => {
      const found = (await refusals('reason=wrong_signature')).filter((one) => one.address === address);
      return found.length > 0 && found;
    });
    expect(kept).toMatchObject({ source: 'pyannote', reason: 'wrong_signature', bodyLength: body.length });
    expect(Buffer.from(kept?.bodyBase64 ?? '', 'base64').toString()).toBe(body.slice(0, 8_192));
    expect(kept?.headers['x-signature']).toMatch(/^[0-9a-f]{64}$/);
    expect(await refusals('reason=stale')).toEqual([]);
  });

  it('are for operators to see, not for teams', async () => {
    const team = world.client.withKey(await world.key(['jobs:read', 'jobs:write']));
    expect(await team.get('/v1/refusals')).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
    const operator = world.client.withKey(await world.key(['operate']));
    expect((await operator.get('/v1/refusals')).status).toBe(200);
  });

  it('do not fill the table, however many come', async () => {
    const before = (await refusals('limit=100')).length;
    const counted = /^signalbox_verifications_failed_total.*reason="bad_timestamp"/;
    const refused = await world.metric(counted);
    const start = Date.now();
    const many = Array.from({ length: 60 }, () => inbox.send('{}', { timestamp: 'x', ...from(somebody()) }));
    const statuses = (await Promise.all(many)).map((answer) => answer.status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await world.metric(counted)).toBe(refused + 60);
    const seconds = Math.ceil((Date.now() - start) / 1_000) + 1;
    expect((await refusals('limit=100')).length).toBeLessThanOrEqual(before + 5 * seconds);
  });

  it('make the vendor be asked at once where only their time is wrong, but once a minute per job at most', async () => {
    const job = await running();
    const to = await inbox.addressOf(job.id);
    const leaveAlone = () =>
      world.db.execute(`update jobs set check_at = now() + interval '1 h' where id = $1`, [job.id]);
    const stale = async () => {
      await leaveAlone();
      const options = { to, timestamp: secondsFromNow(-STALE), ...from(somebody()) };
      const answer = await inbox.send({ jobId: job.externalId, status: 'succeeded' }, options);
      expect(answer.status).toBe(401);
    };
    await stale();
    const first = Date.now();
    await eventually('a question', async () => (await questions(job.externalId)) === 1);
    expect((await world.job(job.id)).status).toBe('running');

    await eventually('another question', async () => {
      await stale();
      return (await questions(job.externalId)) === 2;
    });
    expect(Date.now() - first).toBeGreaterThanOrEqual(0.9 * MINUTE);
  });

  it('settle the job by asking when the vendor’s own notice is stale in all its tries', async () => {
    await world.vendor.fault('processing', { ms: 1_000 });
    await world.vendor.fault('stale-timestamp', { seconds: STALE });
    const made = await world.diarize();
    await world.until(made.id, 'running');
    // Only the stale notice can bring it forward.
    await world.db.execute(`update jobs set check_at = now() + interval '1 hour' where id = $1`, [made.id]);
    await world.until(made.id, 'succeeded');
    expect((await world.events(made.id)).at(-1)?.cause).toMatchObject({ by: 'check', repair: true });
  });

  it('are no harm when the next try is right, and why there was a next one is kept and counted', async () => {
    await world.vendor.fault('processing', { ms: 50 });
    await world.vendor.fault('wrong-signature', { tries: 1 });
    const retried = /^signalbox_vendor_retries_total.*reason="http_error"/;
    const before = await world.metric(retried);
    const made = await world.diarize();
    await world.until(made.id, 'succeeded');
    const [delivery] = await inbox.list(`job=${made.id}`);
    expect(await inbox.delivery(delivery?.id ?? '')).toMatchObject({
      outcome: 'applied',
      repeats: 0,
      lastRetryNumber: '1',
      lastRetryReason: 'http_error',
    });
    expect(await world.metric(retried)).toBe(before + 1);
  });

  it('are told from repeats, which are counted with the vendor’s own count and reason', async () => {
    const job = await running();
    const to = await inbox.addressOf(job.id);
    const body = { jobId: job.externalId, status: 'failed' };
    const id = await inbox.sendWell(body, { to });
    await inbox.until(id, 'applied');
    const timedOut = { 'x-retry-num': '1', 'x-retry-reason': 'http_timeout' };
    expect(await inbox.send(body, { to, headers: timedOut })).toMatchObject({
      status: 200,
      body: { deliveryId: id, duplicate: true },
    });
    const nonsense = { 'x-retry-num': '99', 'x-retry-reason': 'because\u00e9' };
    await inbox.sendWell(body, { to, timestamp: secondsFromNow(-5), headers: nonsense });
    expect(await inbox.delivery(id)).toMatchObject({ repeats: 2, lastRetryNumber: 'other', lastRetryReason: 'other' });
    expect(await world.metric(/^signalbox_vendor_retries_total.*reason="http_timeout"/)).toBe(1);
    expect(await world.metric(/^signalbox_vendor_retries_total.*reason="other"/)).toBe(1);
  });

  it('are listed by job, source, outcome and time, page by page, each team its own', async () => {
    await world.team('guests');
    await world.vendor.fault('processing', { ms: 50 });
    const guests = await world.key(['jobs:read', 'jobs:write'], 'guests');
    const theirs = await world.client
      .withKey(guests)
      .post<{ id: string }>('/v1/diarizations', { url: world.vendor.audio });
    await eventually('it is settled', async () => {
      const job = await world.client.withKey(guests).get<{ status: string }>(`/v1/jobs/${theirs.body.id}`);
      return job.body.status === 'succeeded';
    });
    const [delivery] = await inbox.list('', guests);
    expect(await inbox.list('', guests)).toEqual([
      expect.objectContaining({ outcome: 'applied', jobId: theirs.body.id }),
    ]);
    const ofTheDefaultTeam = await world.key(['jobs:read']);
    expect((await inbox.list('limit=100', ofTheDefaultTeam)).map(({ jobId }) => jobId)).not.toContain(theirs.body.id);
    expect(await inbox.list(`job=${theirs.body.id}`, ofTheDefaultTeam)).toEqual([]);
    expect((await world.client.withKey(ofTheDefaultTeam).get(`/v1/deliveries/${delivery?.id}`)).status).toBe(404);
    expect((await inbox.list(`job=${theirs.body.id}`)).map(({ id }) => id)).toEqual([delivery?.id]);

    const all = await inbox.list('limit=100');
    expect(new Set((await inbox.list('outcome=applied&limit=100')).map(({ outcome }) => outcome))).toEqual(
      new Set(['applied']),
    );
    expect(await inbox.list('source=fal')).toEqual([]);
    const at = delivery?.receivedAt ?? '';
    expect((await inbox.list(`after=${at}`)).at(-1)?.id).toBe(delivery?.id);
    expect(
      (await inbox.list(`before=${at}&limit=100`)).length + (await inbox.list(`after=${at}&limit=100`)).length,
    ).toBe(all.length);

    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? 'limit=3' : `limit=3&cursor=${cursor}`;
      const { body } = await world.client.get<{ items: { id: string }[]; nextCursor: string | null }>(
        `/v1/deliveries?${query}`,
      );
      pages.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(pages).toEqual(all.map(({ id }) => id));
    for (const query of ['outcome=fine', 'after=yesterday', 'job=1', 'cursor=x', 'limit=0', 'color=red']) {
      expect((await world.client.get(`/v1/deliveries?${query}`)).status).toBe(400);
    }
  });

  it.each([
    ['is away', whileAway],
    ['can only be read', whileReadOnly],
  ])('are asked back with a 503 while Postgres %s, and kept once it is there again', async (_how, meanwhile) => {
    const job = await running();
    const to = await inbox.addressOf(job.id);
    const body = { jobId: job.externalId, status: 'failed' };
    await meanwhile(world.database, async () => {
      for (let i = 0; i < 3; i++) {
        const answer = await inbox.send(body, { to });
        expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      const forged = await inbox.send(body, { to, secret: 'whs_wrong', ...from(somebody()) });
      expect(forged.status).toBe(401);
      const submit = await world.client.post('/v1/diarizations', { url: world.vendor.audio });
      expect(submit).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect((await world.client.get('/health/live')).status).toBe(200);
    });
    const id = await eventually('kept', async () => {
      const answer = await inbox.send(body, { to });
      return answer.status === 200 && answer.body.deliveryId;
    });
    expect(await inbox.until(id, 'applied')).toMatchObject({ jobId: job.id });
    await world.until(job.id, 'failed');
  });

  it('get 404 where no such vendor is known', async () => {
    const to = ['/webhooks/nobody', '/webhooks/constructor', '/webhooks', '/webhook/pyannote'];
    for (const address of to) expect((await inbox.send('{}', { to: address })).status).toBe(404);
  });

  it('get 503 where the vendor’s secret is not set, which names what is missing', async () => {
    await world.stop();
    await world.start({ PYANNOTEAI_WEBHOOK_SECRETS: '' });
    const answer = await inbox.send({ jobId: randomUUID(), status: 'failed' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'provider_not_configured' } });
    expect(answer.body.detail).toContain('PYANNOTEAI_WEBHOOK_SECRETS');
  });
});
