import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

const FACTOR = 0.02;
const SECOND = 1_000 * FACTOR;
const MINUTE = 60 * SECOND;

/** Writes down every plan for a next question, because some of them do not last long enough to be read. */
const KEEP_PLANS = `
create table plans (job uuid, checks integer, ms float8);
create function keep_plan() returns trigger language plpgsql as $$ begin
  insert into plans values (new.id, new.checks, extract(epoch from new.check_at - new.updated_at) * 1000);
  return null;
end $$;
create trigger keep_plan after update on jobs for each row
  when (new.version > old.version and new.check_at is distinct from old.check_at and new.check_at is not null)
  execute function keep_plan()`;

describe('Asking the vendor how a job stands', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('checks rhythm', { factor: FACTOR })).start();
    await world.db.execute(KEEP_PLANS);
  });

  afterAll(() => world.end());
  afterEach(() => world.vendor.clearFaults());

  const due = (ids: readonly string[], when: string) =>
    world.db.execute(`update jobs set check_at = now() + $2::interval where id = any($1)`, [ids, when]);

  /** Running, and asked about by nobody before the test says so. */
  const running = async () => quiet((await world.diarize()).id);
  const quiet = async (id: string) => {
    const job = await world.until(id, 'running');
    await due([id], '1 h');
    // On a machine that stands still for a moment it may have been asked about already: that does not count.
    await world.db.execute('update jobs set checks = 0 where id = $1 and checks > 0', [id]);
    await world.db.execute('delete from plans where job = $1 and checks > 0', [id]);
    return job;
  };

  const many = async (count: number) => {
    const jobs: JobAnswer[] = [];
    // One by one: on a busy machine the first would be asked about before the last is there.
    for (let i = 0; i < count; i++) jobs.push(await running());
    return jobs;
  };

  const ended = async (jobs: readonly JobAnswer[], status: string) => {
    const ids = new Set(jobs.map(({ externalId }) => externalId));
    await eventually(`all are ${status} at the vendor`, async () => {
      const there = (await world.vendor.record()).jobs.filter(({ jobId }) => ids.has(jobId));
      return there.every((job) => job.status === status);
    });
  };

  const questions = async () => {
    const { requests } = await world.vendor.record();
    return {
      single: requests.filter(({ method, path }) => method === 'GET' && path.includes('/v1/jobs/')).length,
      list: requests.filter(({ method, path }) => method === 'GET' && path.includes('/v2/jobs')).length,
    };
  };

  /** How long after its last change the job is to be asked about next, once it has been asked about so often. */
  const pauseAfter = (id: string, checks: number) =>
    eventually(`the plan after ${checks} checks`, async () => {
      const [plan] = await world.db.query<{ ms: number }>('select ms from plans where job = $1 and checks = $2', [
        id,
        checks,
      ]);
      return plan?.ms;
    });

  const expectAbout = (ms: number, expected: number) => {
    expect(ms).toBeGreaterThan(0.94 * expected);
    expect(ms).toBeLessThan(1.06 * expected);
  };

  it('begins after 5 seconds and slows down to every 10 where no notice is expected', async () => {
    await world.vendor.fault('hang');
    const { id } = await world.diarize({ webhook: false });
    const seconds = [5, 7.5, 10, 10];
    for (const [checks, expected] of seconds.entries()) expectAbout(await pauseAfter(id, checks), expected * SECOND);
    await due([id], '1 h');
  });

  it('begins after 2 minutes and slows down to every 10 where a notice is expected', async () => {
    await world.vendor.fault('hang');
    const { id } = await world.diarize();
    const minutes = [2, 4, 8, 10, 10];
    for (const [checks, expected] of minutes.entries()) {
      expectAbout(await pauseAfter(id, checks), expected * MINUTE);
      await due([id], '0 s');
    }
    await due([id], '1 h');
  });

  it('is done by the vendor’s list where many are due, and singly only for those that have ended', async () => {
    await world.vendor.fault('hang', { times: 12 });
    const open = await many(12);
    await world.vendor.fault('lose', { times: 6 });
    const over = await many(6);
    await ended(over, 'succeeded');
    const before = await questions();
    await due(
      [...open, ...over].map(({ id }) => id),
      '0 s',
    );
    for (const { id } of over) await world.until(id, 'succeeded');
    for (const { id } of open) {
      await eventually(
        'asked about',
        async () => Date.parse((await world.job(id)).nextCheckAt ?? '') > Date.now() + SECOND,
      );
    }
    const after = await questions();
    expect(after.list - before.list).toBeGreaterThanOrEqual(1);
    expect(after.list - before.list).toBeLessThanOrEqual(3);
    expect(after.single - before.single).toBe(6);
    const note = (await world.events(over[0]?.id ?? '')).at(-1);
    expect(note?.cause).toMatchObject({ by: 'check', repair: true });
    await due(
      open.map(({ id }) => id),
      '1 h',
    );
  });

  it.each([
    ['canceled, which nobody asked for', 'cancel', {}, 'canceled', { code: 'vendor_canceled' }],
    [
      'failed, with the reason',
      'fail',
      { error: 'There is no speech in it.' },
      'failed',
      { message: 'There is no speech in it.' },
    ],
  ])('finds out that the job was %s', async (_what, fault, parameters, status, error) => {
    await world.vendor.fault(fault, parameters);
    await world.vendor.fault('lose');
    const job = await running();
    await ended([job], status);
    await due([job.id], '0 s');
    expect(await world.until(job.id, 'failed')).toMatchObject({ result: null, error });
    expect((await world.events(job.id)).at(-1)?.cause).toMatchObject({ by: 'check', repair: true });
  });

  it.each([
    ['canceled, which nobody asked for', 'cancel', {}, undefined, { code: 'vendor_canceled' }],
    [
      'failed, without a reason',
      'fail',
      { error: 'Too noisy.' },
      undefined,
      { code: 'vendor_failed', message: 'Too noisy.' },
    ],
    [
      'canceled, meaning failed',
      'fail',
      { error: 'Too loud.' },
      'failed-as-canceled',
      { code: 'vendor_failed', message: 'Too loud.' },
    ],
  ])('tells why when the notice says %s', async (_what, fault, parameters, alsoFault, error) => {
    await world.vendor.fault(fault, parameters);
    if (alsoFault) await world.vendor.fault(alsoFault);
    const { id } = await world.diarize();
    expect(await world.until(id, 'failed')).toMatchObject({ result: null, error });
    expect((await world.events(id)).at(-1)?.cause.by).toBe('notice');
  });

  it('goes on as if nothing had happened when the vendor does not answer, and not before its time when it says 429', async () => {
    await world.vendor.fault('lose');
    const job = await running();
    await ended([job], 'succeeded');
    for (const [fault, parameters, minutes] of [
      ['status', { code: 500, on: 'get' }, 4],
      ['drop', { on: 'get' }, 8],
    ] as const) {
      await world.vendor.fault(fault, parameters);
      await due([job.id], '0 s');
      expectAbout(await pauseAfter(job.id, minutes / 4), minutes * MINUTE);
    }
    await world.vendor.fault('status', { code: 429, retryAfter: 1, on: 'get' });
    const before = await questions();
    const start = Date.now();
    await due([job.id], '0 s');
    await world.until(job.id, 'succeeded');
    expect(Date.now() - start).toBeGreaterThan(900);
    expect((await questions()).single - before.single).toBe(2);
  });

  it('says on the job that the vendor knows it no more, and goes on until the deadline', async () => {
    await world.vendor.fault('forget');
    await world.vendor.fault('lose');
    const job = await running();
    await due([job.id], '0 s');
    await pauseAfter(job.id, 1);
    const notes = (await world.events(job.id)).filter(({ type }) => type === 'job.note');
    expect(notes.at(-1)?.what.text).toBe('pyannote knows no job with this id');
    await due([job.id], '0 s');
    await pauseAfter(job.id, 2);
    expect((await world.events(job.id)).filter(({ type }) => type === 'job.note')).toHaveLength(1);
    expect((await world.job(job.id)).status).toBe('running');
  });
});
