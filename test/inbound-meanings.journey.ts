import { randomUUID } from 'node:crypto';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

/** Slow enough that nobody asks the vendor before a test says so; the vendor itself is faster. */
const FACTOR = 0.05;
const MINUTE = 60_000 * FACTOR;
const TURNS = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1.5 }] };

describe('What a genuine notice means', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await World.create('inbound meanings', { factor: 0.005, env: { SIGNALBOX_TIME_FACTOR: String(FACTOR) } });
    await world.start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());
  afterEach(() => world.vendor.clearFaults());

  /** Nobody asks the vendor about it of his own accord, so that only notices can move it. */
  const leaveAlone = (id: string) =>
    world.db.execute(`update jobs set check_at = now() + interval '1 hour' where id = $1`, [id]);

  /** A job that runs at the vendor for ever. */
  const hanging = async (body?: Record<string, unknown>): Promise<JobAnswer & { externalId: string }> => {
    await world.vendor.fault('hang');
    return running(await world.diarize(body));
  };

  const running = async ({ id }: JobAnswer) => {
    const job = await world.until(id, 'running');
    if (job.externalId === null) throw new Error('running without a vendor id');
    await leaveAlone(id);
    return { ...job, externalId: job.externalId };
  };

  /** A job that has ended at the vendor without a word to us. */
  const endedUnheard = async () => {
    await world.vendor.fault('lose');
    const job = await running(await world.diarize());
    await eventually('the vendor is done', async () =>
      (await world.vendor.record()).jobs.some((one) => one.jobId === job.externalId && one.status === 'succeeded'),
    );
    return job;
  };

  const questions = async (vendorId: string) =>
    (await world.vendor.record()).requests.filter(({ method, jobId }) => method === 'GET' && jobId === vendorId);

  const processed = (outcome: string) =>
    world.metric(new RegExp(`^signalbox_deliveries_processed_total.*outcome="${outcome}"`));

  it('is nothing for another job: at its address it is a mismatch, and at its own it still counts', async () => {
    const mine = await endedUnheard();
    const other = await hanging();
    const before = await world.job(other.id);

    await world.vendor.sendNotice(mine.externalId, { url: await inbox.addressOf(other.id) });
    const [seen] = await eventually('a mismatch', async () => {
      const found = await inbox.list('outcome=mismatch');
      return found.length > 0 && found;
    });
    expect(seen).toMatchObject({ jobId: null, outcome: 'mismatch' });
    expect(seen?.detail).toContain(other.id);
    expect(await world.job(other.id)).toEqual(before);
    expect(await world.job(mine.id)).toMatchObject({ status: 'running' });

    await world.vendor.sendNotice(mine.externalId);
    await world.until(mine.id, 'succeeded');
    expect(await inbox.until(seen?.id ?? '', 'applied')).toMatchObject({ jobId: mine.id, repeats: 1 });
    expect((await world.events(mine.id)).at(-1)?.cause).toMatchObject({ by: 'notice', delivery: seen?.id });
    expect(await world.job(other.id)).toEqual(before);
  });

  it('counts as well when after the mismatch it comes to the address without a job', async () => {
    const mine = await endedUnheard();
    const other = await hanging();
    const { body } = await world.vendor.sendNotice(mine.externalId, { url: await inbox.addressOf(other.id) });
    await eventually('a mismatch', async () => (await inbox.list('outcome=mismatch')).length > 0);
    const id = await inbox.sendWell(body);
    expect(await inbox.until(id, 'applied')).toMatchObject({ jobId: mine.id });
    await world.until(mine.id, 'succeeded');
  });

  it('is believed by the vendor’s own ids alone where our signature on the address is not ours', async () => {
    const mine = await endedUnheard();
    const other = await hanging();
    const before = await world.job(other.id);
    const address = new URL(await inbox.addressOf(other.id));
    const k = address.searchParams.get('k') ?? '';
    address.searchParams.set('k', k.slice(0, -2) + (k.endsWith('AA') ? 'BB' : 'AA'));
    await world.vendor.sendNotice(mine.externalId, { url: address.href });
    await world.until(mine.id, 'succeeded');

    const foreign = new URL(await inbox.addressOf(mine.id));
    foreign.searchParams.set('job', other.id);
    const id = await inbox.sendWell({ status: 'failed', n: 1 }, { to: foreign.href });
    expect(await inbox.until(id, 'waiting')).toMatchObject({ jobId: null });
    expect(await world.job(other.id)).toEqual(before);
  });

  it('waits where it is about a job that nobody knows, and is nobody’s until then', async () => {
    const id = await inbox.sendWell({ jobId: randomUUID(), status: 'succeeded', output: TURNS });
    expect(await inbox.until(id, 'waiting')).toMatchObject({ jobId: null });
    const ofTheTeam = await world.key(['jobs:read']);
    expect(await inbox.list('outcome=open', ofTheTeam)).toEqual([]);
    expect((await inbox.list('outcome=open')).map((one) => one.id)).toContain(id);
    expect((await world.client.withKey(ofTheTeam).get(`/v1/deliveries/${id}`)).status).toBe(404);
  });

  it.each([
    ['no-output-keys', {}],
    ['status only', { confidence: true }],
  ])('is fetched where the notice leaves it out: %s', async (fault, options) => {
    if (fault !== 'status only') await world.vendor.fault(fault);
    const made = await world.diarize(options);
    const job = await world.until(made.id, 'succeeded');
    expect(job.result?.diarization?.length).toBeGreaterThan(0);
    expect((await world.events(made.id)).at(-1)?.cause.by).toBe('notice');
  });

  it('is never an empty success: a result that is gone is asked for again, 10 minutes later, and then lost', async () => {
    await world.vendor.fault('result-gone');
    const { id } = await world.diarize();
    const gone = async () => (await world.events(id)).filter(({ type }) => type === 'job.result_gone');
    await eventually('it is known to be gone', async () => (await gone()).length === 1);
    const externalId = (await world.job(id)).externalId ?? '';
    const askAfter = async (minutes: number) => {
      const before = (await questions(externalId)).length;
      const earlier = `update jobs set check_at = now(), gone_since = now() - $2 * interval '1 ms' where id = $1`;
      await world.db.execute(earlier, [id, minutes * MINUTE]);
      await eventually('the question', async () => (await questions(externalId)).length > before);
    };
    await askAfter(8);
    expect(await world.job(id)).toMatchObject({ status: 'running', result: null });
    await askAfter(10);
    expect(await world.until(id, 'failed')).toMatchObject({ result: null, error: { code: 'result_lost' } });
    expect(await gone()).toHaveLength(1);
    const lost = (await world.events(id)).at(-1);
    expect(lost).toMatchObject({ type: 'diarization.failed', cause: { by: 'check' } });
    expect(lost?.cause.repair).toBeUndefined();
  });

  it.each([
    ['null', { status: null }],
    ['a number', { status: 42 }],
    ['a word that is not documented', { status: 'done' }],
    ['nothing', {}],
    ['an empty word', { status: '' }],
    ['a list', { status: ['succeeded'] }],
    ['the name of something that every object has', { status: 'constructor' }],
  ])('is unrecognized where the status is %s: counted, and the vendor is asked at once', async (_what, told) => {
    const job = await hanging();
    const before = await processed('unrecognized');
    const id = await inbox.sendWell({ jobId: job.externalId, ...told }, { to: await inbox.addressOf(job.id) });
    expect(await inbox.until(id, 'unrecognized')).toMatchObject({ jobId: job.id });
    await eventually('a question', async () => (await questions(job.externalId)).length === 1);
    expect(await processed('unrecognized')).toBe(before + 1);
    expect(await world.job(job.id)).toMatchObject({ status: 'running' });
    expect((await world.events(job.id)).map(({ type }) => type)).toContain('job.note');
  });

  it.each([['raw-status'], ['unknown-status']])(
    'is found out by asking after %s, and that is no repair',
    async (fault) => {
      await world.vendor.fault(fault);
      const made = await world.diarize();
      await world.until(made.id, 'succeeded');
      expect((await world.events(made.id)).at(-1)?.cause).toMatchObject({ by: 'check' });
      expect((await world.events(made.id)).at(-1)?.cause.repair).toBeUndefined();
    },
  );

  it('is the same in any letter case', async () => {
    await world.vendor.fault('letter-case');
    const made = await world.diarize();
    await world.until(made.id, 'succeeded');
    expect((await world.events(made.id)).at(-1)?.cause.by).toBe('notice');
    const job = await hanging();
    await inbox.sendWell({ jobId: job.externalId, status: 'Failed' }, { to: await inbox.addressOf(job.id) });
    await world.until(job.id, 'failed');
  });

  it('is nothing for a job that has ended, and is kept as ignored', async () => {
    const made = await world.diarize();
    const job = await world.until(made.id, 'succeeded');
    const id = await inbox.sendWell(
      { jobId: job.externalId, status: 'failed' },
      { to: await inbox.addressOf(made.id) },
    );
    expect(await inbox.until(id, 'ignored')).toMatchObject({ jobId: made.id });
    expect(await world.job(made.id)).toEqual(job);
  });

  it('is kept for a person where the output cannot be kept as a result', async () => {
    const job = await hanging();
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const body = `{"jobId":"${job.externalId}","status":"succeeded","output":{"diarization":${deep}}}`;
    const id = await inbox.sendWell(body, { to: await inbox.addressOf(job.id) });
    expect(await inbox.until(id, 'waiting')).toMatchObject({ detail: expect.stringContaining('nested') as string });
    expect((await world.job(job.id)).status).toBe('running');
  });

  it('is kept as text that Postgres takes where the output has NUL and half characters', async () => {
    const job = await hanging();
    const body = `{"jobId":"${job.externalId}","status":"succeeded","output":{"diarization":[{"speaker":"A\\u0000B\\ud800","start":0,"end":1}]}}`;
    await inbox.sendWell(body, { to: await inbox.addressOf(job.id) });
    const { result } = await world.until(job.id, 'succeeded');
    expect(result?.diarization?.[0]?.speaker).toBe('A\uFFFDB\uFFFD');
  });
});
