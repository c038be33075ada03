import { eventually } from './harness/eventually.js';
import { Gate } from './harness/gate.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';
import type { RecordedJob } from './harness/vendor.js';

const FACTOR = 0.01;
/** The time-out of our client, as short as the pace makes it. */
const TIME_OUT = 2_000;

describe('The answer to a submit', () => {
  let world: World;
  let gate: Gate;

  beforeAll(async () => {
    world = await World.create('submit answers', { factor: FACTOR });
    gate = await new Gate(new URL(world.sandbox.pyannote.baseUrl)).open();
    await world.start({ PYANNOTEAI_BASE_URL: gate.url });
  });

  afterAll(async () => {
    await world.end();
    await gate.shut();
  });

  afterEach(() => world.vendor.clearFaults());

  const types = async (id: string) => (await world.events(id)).map(({ type }) => type.replace('diarization.', ''));
  const submits = async () => (await world.vendor.record()).requests.filter(({ path }) => path.endsWith('/diarize'));
  /** The vendor's own jobs for one of ours: more than one would be paid twice. */
  const atVendor = async (id: string): Promise<RecordedJob[]> =>
    (await world.vendor.record()).jobs.filter(({ request }) => request.webhook?.includes(id));
  const outcome = (name: string) => world.metric(new RegExp(`^signalbox_submits_total.*outcome="${name}"`));

  it.each([
    ['the line is cut', 'drop', {}],
    ['the vendor says 500', 'status', { code: 500 }],
    ['the vendor says 502 in HTML', 'status', { code: 502, body: '<html>Bad gateway</html>' }],
    ['the vendor says 200 without an id', 'status', { code: 200, body: { status: 'created' } }],
  ])(
    'is unclear when %s after the job was taken; the notice settles it, nothing is sent twice',
    async (_how, fault, more) => {
      await world.vendor.fault('processing', { ms: 600 });
      await world.vendor.fault(fault, { taken: true, ...more });
      const unclear = await outcome('unclear');
      const { id } = await world.diarize();
      const job = await world.until(id, 'succeeded');
      expect(await outcome('unclear')).toBe(unclear + 1);
      const [sent, ...others] = await atVendor(id);
      expect(others).toEqual([]);
      expect(job.externalId).toBe(sent?.jobId);
      expect(await types(id)).toEqual(['queued', 'submitting', 'unconfirmed', 'succeeded']);
      expect((await world.events(id)).at(-1)?.cause.by).toBe('notice');
    },
  );

  it('is unclear when it is slower than our patience; the notice settles it, nothing is sent twice', async () => {
    await world.vendor.fault('processing', { ms: TIME_OUT + 700 });
    await world.vendor.fault('slow', { ms: TIME_OUT + 400 });
    const { id } = await world.diarize();
    await world.until(id, 'succeeded');
    expect(await atVendor(id)).toHaveLength(1);
    expect(await types(id)).toEqual(['queued', 'submitting', 'unconfirmed', 'succeeded']);
  });

  it('is unclear when the line is cut before the job was taken: it is never sent again by itself', async () => {
    await world.vendor.fault('drop');
    const before = (await submits()).length;
    const { id } = await world.diarize();
    const job = await world.until(id, 'unconfirmed');
    expect(job).toMatchObject({ externalId: null, nextCheckAt: null });
    // Others go on, and many sweeps later it still stands where it stood.
    for (let i = 0; i < 2; i++) await world.until((await world.diarize()).id, 'succeeded');
    expect(await world.job(id)).toEqual(job);
    expect((await submits()).length).toBe(before + 3);
    expect(await atVendor(id)).toEqual([]);
  });

  it('leaves an unclear job to people: failed, sent again, found under its vendor id, or with a result', async () => {
    await world.vendor.fault('drop', { times: 4 });
    const unclear = async () => (await world.until((await world.diarize()).id, 'unconfirmed')).id;
    const [lost, again, found, known] = await Promise.all([unclear(), unclear(), unclear(), unclear()]);
    const resolve = (id: string, wish: object, key?: string) => {
      const client = key === undefined ? world.client : world.client.withKey(key);
      return client.post<{ status: string; code: string }>(`/v1/jobs/${id}/resolve`, {
        reason: 'looked it up',
        ...wish,
      });
    };
    const team = await world.key(['jobs:read', 'jobs:write']);
    expect((await resolve(lost, { to: 'failed' }, team)).status).toBe(403);
    expect((await resolve(lost, { to: 'canceled' })).status).toBe(400);
    expect((await resolve(lost, { to: 'succeeded' })).status).toBe(400);
    expect((await resolve(lost, { to: 'running' })).status).toBe(400);

    expect(await resolve(lost, { to: 'failed' })).toMatchObject({ status: 200, body: { status: 'failed' } });
    expect((await resolve(lost, { to: 'queued' })).body.code).toBe('move_not_allowed');

    expect((await resolve(again, { to: 'queued' })).status).toBe(200);
    await world.until(again, 'succeeded');
    expect(await atVendor(again)).toHaveLength(1);

    const other = await world.until((await world.diarize({ webhook: false })).id, 'succeeded');
    await world.db.execute('update jobs set external_id = null where id = $1', [other.id]);
    expect((await resolve(found, { to: 'running', externalId: other.externalId })).status).toBe(200);
    expect(await world.until(found, 'succeeded')).toMatchObject({ externalId: other.externalId });

    const result = { diarization: [{ speaker: 'A', start: 0, end: 1 }] };
    expect((await resolve(known, { to: 'succeeded', result })).status).toBe(200);
    expect(await world.job(known)).toMatchObject({ status: 'succeeded', result });
    const audited = await world.db.query('select 1 from audit_log where action = $1', ['job.resolve']);
    expect(audited).toHaveLength(4);
  });

  it('is no answer at all while nobody listens there: the job waits, and goes through once somebody does', async () => {
    await gate.shut();
    const notNow = await outcome('not_now');
    const { id } = await world.diarize();
    await eventually('two tries', async () => (await outcome('not_now')) >= notNow + 2);
    expect(['queued', 'submitting']).toContain((await world.job(id)).status);
    await gate.open();
    await world.until(id, 'succeeded');
    expect(await atVendor(id)).toHaveLength(1);
    expect(await types(id)).not.toContain('unconfirmed');
  });

  it('fails the job in the vendor’s own words when it is 400', async () => {
    const errors = [{ field: 'url', message: 'is not to our taste' }];
    await world.vendor.fault('status', { code: 400, body: { message: 'The request is not valid', errors } });
    const { id } = await world.diarize();
    expect(await world.until(id, 'failed')).toMatchObject({
      error: { code: 'vendor_refused', message: 'The request is not valid (url: is not to our taste)' },
    });
    expect(await types(id)).toEqual(['queued', 'submitting', 'failed']);
  });

  it.each([
    [401, 'PYANNOTEAI_API_KEY', undefined],
    [402, 'no credit', { message: 'No \u0000 credit left' }],
  ])('holds the whole queue for a minute when it is %s, and no job is lost', async (code, why, body) => {
    const held = /^signalbox_provider_held\{.*provider="pyannote"/;
    await world.vendor.fault('status', body ? { code, body } : { code });
    const first = await world.diarize();
    await eventually('held', async () => (await world.metric(held)) === 1);
    const [hold] = await world.db.query<{ until: Date; ms: number }>(
      `select held_until as until, (extract(epoch from held_until - updated_at) * 1000)::float8 as ms from provider_states`,
    );
    expect(hold?.ms).toBeCloseTo(60_000 * FACTOR);
    const others = [await world.diarize(), await world.diarize()];
    for (const { id } of [first, ...others]) {
      await world.until(id, 'succeeded');
      expect(await atVendor(id)).toHaveLength(1);
      const sent = (await world.events(id)).filter(({ type }) => type === 'diarization.submitting').at(-1);
      expect(Date.parse(sent?.at ?? '')).toBeGreaterThanOrEqual(Number(hold?.until));
    }
    const [, , back] = await world.events(first.id);
    expect(back?.what.reason).toContain(why);
    await eventually('no longer held', async () => (await world.metric(held)) === 0);
  });

  it('puts the job back for as long as the vendor says when it is 429', async () => {
    await world.vendor.fault('status', { code: 429, retryAfter: 1 });
    const before = (await submits()).length;
    const notNow = await outcome('not_now');
    const { id } = await world.diarize();
    await eventually('it is refused', async () => (await outcome('not_now')) > notNow);
    const other = await world.diarize();
    await world.until(id, 'succeeded');
    await world.until(other.id, 'succeeded');
    const [refused, next] = (await submits()).slice(before);
    expect(refused?.status).toBe(429);
    expect(Date.parse(next?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(950);
    expect((await submits()).length).toBe(before + 3);
  });

  it('adds the vendor’s id and moves nothing when it comes after the job was taken out of its hands', async () => {
    await world.vendor.fault('hang');
    const lapsed = await world.metric(/^signalbox_leases_lapsed_total/);
    const letGo = gate.hold();
    const { id } = await world.diarize();
    await eventually('the vendor is asked', async () => (await atVendor(id)).length === 1);
    await world.db.execute(`update jobs set submit_at = now() where id = $1`, [id]);
    expect(await world.until(id, 'unconfirmed')).toMatchObject({ externalId: null });
    expect(await world.metric(/^signalbox_leases_lapsed_total/)).toBe(lapsed + 1);
    letGo();
    const job = await world.until(id, 'running');
    const [sent, ...more] = await atVendor(id);
    expect(more).toEqual([]);
    expect(job.externalId).toBe(sent?.jobId);
    // Not by the late answer, but by asking under the id that it brought.
    expect((await world.events(id)).find(({ type }) => type === 'diarization.running')?.cause.by).toBe('check');
    await new Inbox(world).sendWell({ jobId: sent?.jobId, status: 'failed' });
    await world.until(id, 'failed');
    expect(await types(id)).toEqual(expect.arrayContaining(['submitting', 'unconfirmed', 'running', 'failed']));
    expect((await types(id)).filter((type) => type === 'submitting')).toHaveLength(1);
  });

  it('is waited for seven days at most by a job that stays in the queue', async () => {
    await world.db.execute(
      `insert into provider_states (provider, paused) values ('pyannote', true)
       on conflict (provider) do update set paused = true`,
    );
    const { id } = await world.diarize();
    const young = await world.diarize();
    const week = 7 * 86_400 * FACTOR;
    const age = (job: string, seconds: number) =>
      world.db.execute(`update jobs set created_at = now() - $2 * interval '1 s' where id = $1`, [job, seconds]);
    await age(young.id, week - 60);
    await age(id, week - 0.5);
    expect((await world.job(id)).status).toBe('queued');
    expect(await world.until(id, 'expired')).toMatchObject({ result: null });
    expect((await world.job(young.id)).status).toBe('queued');
    await world.db.execute(`update provider_states set paused = false`);
    await world.until(young.id, 'succeeded');
    expect((await world.job(id)).status).toBe('expired');
    expect(await atVendor(id)).toEqual([]);
  });
});
