import './elsewhere/with-elsewhere.js';
import { randomUUID } from 'node:crypto';
import { Errands } from './elsewhere/elsewhere.module.js';
import type { ErrandNotice } from './elsewhere/elsewhere.module.js';
import { Callback } from '../src/kernel/jobs/callback.js';
import type { Change } from '../src/kernel/jobs/change.js';
import { JobIntake } from '../src/kernel/jobs/job-intake.js';
import { makeEndpoint } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { LimitedTeam } from './harness/limited-team.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { Subscriber } from './harness/subscriber.js';

type Errand = JobAnswer & { facts: Record<string, unknown>; input: object; price: number | null; startedAt: string };

const PATH = '/webhooks/errands';
const PROVEN = { 'x-errand': 'yes' };

describe('Work that was started elsewhere', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await (await World.create('elsewhere', { factor: 0.01 })).start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());

  const tell = (notice: ErrandNotice, to = PATH) => inbox.sendWell(notice, { to, headers: PROVEN });
  const jobs = async (errand: string): Promise<string[]> => {
    const found = await world.db.query<{ id: string }>(
      `select id from jobs where provider = 'errands' and external_id = $1`,
      [errand],
    );
    return found.map(({ id }) => id);
  };
  const errandOf = async (delivery: string): Promise<Errand> => {
    const { jobId } = await inbox.until(delivery, 'applied');
    return (await world.client.get<Errand>(`/v1/jobs/${jobId}`)).body;
  };
  const created = () => world.metric(/^signalbox_jobs_created_total\{.*kind="errand"/);

  /** A job of ours, which the vendor was asked for and has not answered yet. */
  const underWay = async () => {
    let answer: (change: Change) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    Errands.answer = () => new Promise((resolve, reject) => ([answer, fail] = [resolve, reject]));
    const [team] = await world.db.query<{ id: string }>(`select id from teams where name = 'default'`);
    const [key] = await world.db.query<{ id: string }>('select id from api_keys limit 1');
    const { id } = await world.app
      .get(JobIntake)
      .create(
        { keyId: key?.id ?? '', keyName: 'journey', teamId: team?.id ?? '', teamName: 'default', scopes: [] },
        { kind: 'errand', input: {} },
        { route: 'POST /errands', body: {}, requestId: 'r' },
      );
    await eventually('the vendor is asked', async () => {
      const [job] = await world.db.query<{ asked: boolean }>(
        'select asked_at is not null as asked from jobs where id = $1',
        [id],
      );
      return job?.asked;
    });
    return { id, answer: (change: Change) => answer(change), fail: (error: Error) => fail(error) };
  };

  it('has a job from its first notice on, which runs, and which its next notices change as any other', async () => {
    const subscriber = await Subscriber.start();
    await makeEndpoint(world.client, subscriber.url, { kinds: ['errand'], types: ['*'] });
    const errand = randomUUID();
    const job = await errandOf(await tell({ errand, state: 'runs' }));
    expect(job).toMatchObject({
      status: 'running',
      externalId: errand,
      progress: 0.5,
      webhook: true,
      input: { from: 'elsewhere' },
      facts: { origin: 'elsewhere' },
      price: null,
      labels: {},
    });
    const [start, end] = [Date.parse(job.startedAt), Date.parse((job as Errand & { deadlineAt: string }).deadlineAt)];
    expect(end - start).toBe(4 * 60 * 60 * 1_000 * 0.01);
    expect(job.nextCheckAt).not.toBeNull();

    const done = await tell({ errand, state: 'done' });
    expect((await inbox.until(done, 'applied')).jobId).toBe(job.id);
    expect(await world.until(job.id, 'succeeded')).toMatchObject({ result: { ran: errand } });
    const events = await world.events(job.id);
    expect(events.map(({ type }) => type)).toEqual(['job.opened', 'errand.succeeded']);
    expect(events[0]).toMatchObject({ what: { source: 'errands', externalId: errand }, cause: { by: 'notice' } });
    const told = await eventually('the team is told', () => Promise.resolve(subscriber.received[0]));
    expect(JSON.parse(told.body)).toMatchObject({ type: 'errand.succeeded', data: { job: { id: job.id } } });
    await subscriber.down();
  });

  it('may be over already when it is first heard of', async () => {
    const errand = randomUUID();
    expect(await errandOf(await tell({ errand, state: 'done' }))).toMatchObject({ status: 'succeeded' });
  });

  it('has one job, however many notices tell of it at once', async () => {
    const before = await created();
    const errand = randomUUID();
    const sent = await Promise.all(Array.from({ length: 12 }, (_, n) => tell({ errand, state: 'done', n })));
    const closed = await Promise.all(
      sent.map((id) =>
        eventually(`delivery ${id} is closed`, async () => {
          const found = await inbox.delivery(id);
          return ['applied', 'ignored'].includes(found.outcome) && found;
        }),
      ),
    );
    const [job, ...others] = await jobs(errand);
    expect(others).toEqual([]);
    expect(new Set(closed.map(({ jobId }) => jobId))).toEqual(new Set([job]));
    expect(closed.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    expect((await world.events(job ?? '')).map(({ type }) => type)).toEqual(['job.opened', 'errand.succeeded']);
    expect(await created()).toBe(before + 1);
  });

  it('is refused by no limit and no budget, and uses up none: it has happened already', async () => {
    const limits = { openJobs: 0, jobsPerDay: 0, monthlyBudget: 0 };
    const team = await LimitedTeam.create(world, 'poor', limits);
    const job = await errandOf(await tell({ errand: randomUUID(), state: 'runs', team: 'poor' }));
    expect(job.status).toBe('running');
    expect(await team.used()).toMatchObject({ jobsPerDay: 0, monthlyBudget: 0 });
  });

  it('waits, and says for whom, while there is no such team', async () => {
    const errand = randomUUID();
    const sent = await tell({ errand, state: 'done', team: 'late' });
    expect(await inbox.until(sent, 'waiting')).toMatchObject({
      jobId: null,
      detail: expect.stringContaining('no team "late"') as string,
    });
    expect(await jobs(errand)).toEqual([]);
    await world.team('late');
    expect(await errandOf(sent)).toMatchObject({ status: 'succeeded' });
  });

  it('is not what our own submit has just started: a notice that overtakes its answer waits for it', async () => {
    const errand = randomUUID();
    const ours = await underWay();
    const sent = await tell({ errand, state: 'done' });
    expect((await inbox.until(sent, 'waiting')).detail).toContain(ours.id);
    ours.answer({ externalId: errand });
    await world.until(ours.id, 'succeeded');
    expect((await inbox.until(sent, 'applied')).jobId).toBe(ours.id);
    expect(await jobs(errand)).toEqual([ours.id]);
  });

  it('is not what may have come of a submit whose answer was lost, until somebody knows what came of that', async () => {
    const errand = randomUUID();
    const ours = await underWay();
    ours.fail(new Error('the line was cut'));
    await world.until(ours.id, 'unconfirmed');
    const sent = await tell({ errand, state: 'done' });
    expect((await inbox.until(sent, 'waiting')).detail).toContain(ours.id);
    const known = await tell({ errand: 'known', state: 'runs', n: 1 });
    expect((await inbox.until(known, 'waiting')).detail).toContain(ours.id);

    const resolved = await world.client.post(`/v1/jobs/${ours.id}/resolve`, {
      to: 'failed',
      reason: 'never got there',
    });
    expect(resolved.status).toBe(200);
    const job = await errandOf(sent);
    expect(job).toMatchObject({ status: 'succeeded', facts: { origin: 'elsewhere' } });
    expect(job.id).not.toBe(ours.id);
    await inbox.until(known, 'applied');
  });

  it('does not wait for a job that the vendor was asked for only after the notice had come', async () => {
    const ours = await underWay();
    await world.db.execute(`update jobs set asked_at = now() + interval '2 minutes' where id = $1`, [ours.id]);
    expect(await errandOf(await tell({ errand: randomUUID(), state: 'runs' }))).toMatchObject({ status: 'running' });
    ours.answer({ externalId: randomUUID() });
    await world.until(ours.id, 'running');
  });

  it('is none where the address names a job of ours, though nobody knows that one', async () => {
    const errand = randomUUID();
    const claim = { jobId: randomUUID(), kind: 'errand', teamId: randomUUID() };
    const address = new URL(world.app.get(Callback).urlFor('errands', claim) ?? '');
    const sent = await tell({ errand, state: 'done' }, `${PATH}${address.search}`);
    expect((await inbox.until(sent, 'waiting')).detail).toBe('no job of ours is known by its ids');
    expect(await jobs(errand)).toEqual([]);
  });

  it('is none where the notice contradicts itself: that is kept, and touches nothing', async () => {
    const errand = randomUUID();
    const { id } = await errandOf(await tell({ errand, state: 'runs' }));
    const before = await world.job(id);
    const [known, unknown] = [
      await tell({ errand, state: 'done', torn: true }),
      await tell({ errand: 'x', torn: true }),
    ];
    for (const sent of [known, unknown]) {
      expect(await inbox.until(sent, 'mismatch')).toMatchObject({ detail: 'it says yes and no', jobId: null });
    }
    expect(await world.job(id)).toEqual(before);
    expect(await jobs('x')).toEqual([]);
  });

  it('comes in by addresses that are offered only: the others are not there at all', async () => {
    for (const to of ['/webhooks/unwanted', '/old/unwanted']) {
      expect(await inbox.send({ errand: 'x' }, { to, headers: PROVEN })).toMatchObject({ status: 404 });
    }
    expect(await inbox.send({ errand: 'x' }, { to: '/errands', headers: {} })).toMatchObject({ status: 401 });
  });
});
