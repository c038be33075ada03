import { randomUUID } from 'node:crypto';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';

/** A day of ours lasts under a second; the vendor's stand-in has a clock of its own. */
const FACTOR = 0.00001;
const DAY = 86_400_000 * FACTOR;
const TURNS = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1.5 }] };

describe('A day later', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await World.create('checks deadline', { factor: 0.01, env: { SIGNALBOX_TIME_FACTOR: String(FACTOR) } });
    await world.start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());
  afterEach(() => world.vendor.clearFaults());

  const late = () => world.metric(/^signalbox_jobs_settled_late_total/);
  const lastEvent = async (id: string) => (await world.events(id)).at(-1);
  const asked = async (vendorId: string | null) =>
    (await world.vendor.record()).requests.filter(({ method, jobId }) => method === 'GET' && jobId === vendorId);

  /** A job that hangs at the vendor, when it has expired here. */
  const expired = async () => {
    await world.vendor.fault('hang');
    const job = await world.until((await world.diarize()).id, 'expired');
    return { ...job, externalId: job.externalId ?? '' };
  };

  it('a job that hangs has expired, after a last question, and not earlier', async () => {
    const job = await expired();
    const [times] = await world.db.query<{ begun: Date; deadline: Date }>(
      'select started_at as begun, deadline_at as deadline from jobs where id = $1',
      [job.id],
    );
    const deadline = Number(times?.deadline);
    expect(deadline - Number(times?.begun)).toBeCloseTo(DAY, -1);
    const end = await lastEvent(job.id);
    expect(end).toMatchObject({ type: 'diarization.expired', cause: { by: 'check' } });
    expect(Date.parse(end?.at ?? '')).toBeGreaterThanOrEqual(deadline);
    expect(job).toMatchObject({ result: null, nextCheckAt: null });
    expect(Date.parse((await asked(job.externalId)).at(-1)?.at ?? '')).toBeGreaterThanOrEqual(deadline);
    expect(await world.metric(/^signalbox_jobs_settled_total.*status="expired"/)).toBe(1);
  });

  it('the vendor’s word still counts, as late', async () => {
    const [done, broken] = await Promise.all([expired(), expired()]);
    const before = await late();
    const body = { jobId: done.externalId, status: 'succeeded', output: TURNS };
    const id = await inbox.sendWell(body, { to: await inbox.addressOf(done.id) });
    expect(await world.until(done.id, 'succeeded')).toMatchObject({ result: TURNS });
    expect(await lastEvent(done.id)).toMatchObject({
      type: 'diarization.succeeded',
      what: { from: 'expired', late: true },
      cause: { by: 'notice', delivery: id },
    });
    await inbox.sendWell({ jobId: broken.externalId, status: 'failed' }, { to: '/webhook' });
    await world.until(broken.id, 'failed');
    expect((await lastEvent(broken.id))?.what).toMatchObject({ late: true });
    expect(await late()).toBe(before + 2);

    const again = await inbox.sendWell({ jobId: done.externalId, status: 'failed' }, { to: '/webhook' });
    expect(await inbox.until(again, 'ignored')).toMatchObject({ jobId: done.id });
    expect(await late()).toBe(before + 2);
  });

  it('a job whose submit stayed unclear has expired, and was not sent again', async () => {
    await world.vendor.fault('drop');
    const { id } = await world.diarize();
    await world.until(id, 'unconfirmed');
    await world.until(id, 'expired');
    expect(await lastEvent(id)).toMatchObject({ what: { from: 'unconfirmed' }, cause: { by: 'sweep' } });
    const submits = (await world.events(id)).filter(({ type }) => type === 'diarization.submitting');
    expect(submits).toHaveLength(1);
  });

  it('a notice about nobody’s job is dead, for all to see, and lives again when it comes for a job', async () => {
    const body = { jobId: randomUUID(), status: 'succeeded', output: TURNS };
    const id = await inbox.sendWell(body);
    await inbox.until(id, 'waiting');
    const dead = await inbox.until(id, 'dead');
    expect(dead).toMatchObject({ jobId: null, detail: 'no job of ours is known by its ids' });
    expect(dead.attempts).toBeGreaterThan(2);
    expect((await inbox.list('outcome=dead')).map((one) => one.id)).toEqual([id]);
    expect(await inbox.list('outcome=open')).toEqual([]);
    expect(await world.metric(/^signalbox_deliveries_processed_total.*outcome="dead"/)).toBe(1);

    const job = await expired();
    await world.db.execute('update jobs set external_id = $2 where id = $1', [job.id, body.jobId]);
    expect(await inbox.sendWell(body)).toBe(id);
    await world.until(job.id, 'succeeded');
    expect(await inbox.until(id, 'applied')).toMatchObject({ jobId: job.id, repeats: 1 });
  });

  it('a notice whose output was not to be had all day is dead as well, and says why', async () => {
    const job = await expired();
    const body = { code: 500, body: { message: 'out of \u0000 order' } };
    await world.vendor.fault('status', { on: 'get', times: null, ...body });
    const id = await inbox.sendWell({ jobId: job.externalId, status: 'succeeded' }, { to: '/webhook' });
    const dead = await inbox.until(id, 'dead');
    expect(dead.detail).toMatch(/^pyannote answers 500: out of . order$/u);
    expect((await world.job(job.id)).status).toBe('expired');
  });

  it.each([
    ['answers that cannot be kept', { code: 200, body: { status: 'succeeded', output: { diarization: deep(300) } } }],
    ['nothing but errors', { code: 500, body: { message: 'out of \u0000 order' } }],
    ['answers that are no JSON', { code: 200, body: '<html></html>' }],
    ['answers in words that are not documented', { code: 200, body: { status: 'done' } }],
  ])('a job has expired although the vendor gave %s', async (_what, answer) => {
    await world.vendor.fault('hang');
    await world.vendor.fault('status', { on: 'get', times: null, ...answer });
    const { id } = await world.diarize();
    const job = await world.until(id, 'expired', 8_000);
    expect(job).toMatchObject({ result: null, nextCheckAt: null });
    await eventually('the questions have ended', async () => {
      const before = (await asked(job.externalId)).length;
      await inbox.list('');
      return (await asked(job.externalId)).length === before;
    });
  });
});

function deep(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
