import { BatchDesk } from './harness/batch.js';
import { LimitedTeam } from './harness/limited-team.js';
import type { Limits } from './harness/limited-team.js';
import { World } from './harness/service.js';
import { ProviderRegistry } from '../src/kernel/jobs/provider-registry.js';
import type { KindSpec } from '../src/kernel/jobs/provider.js';

const TODAY = `now() at time zone 'UTC'`;
const MONTH = `date_trunc('month', ${TODAY})`;

const statuses = (answers: readonly { status: number }[]) =>
  Object.fromEntries(
    [...new Set(answers.map(({ status }) => status))]
      .sort()
      .map((status) => [status, answers.filter((answer) => answer.status === status).length]),
  );

describe('The limits of a team', () => {
  let world: World;
  let teams = 0;

  beforeAll(async () => {
    world = await (await World.create('rest-limits')).start();
    // What is submitted stays queued.
    await new BatchDesk(world).pause(true);
  });

  afterAll(() => world.end());

  const team = (limits: Limits = {}) => LimitedTeam.create(world, `team-${(teams += 1)}`, limits);
  const refusals = (limit: string) => world.metric(new RegExp(`^signalbox_limit_refusals_total\\{limit="${limit}"\\}`));

  /** What a diarization costs, until the test is over. */
  function price(of: KindSpec['price']): void {
    Object.assign(world.app.get(ProviderRegistry).ofKind('diarization').spec, { price: of });
  }
  afterEach(() => price(undefined));

  it('are none unless somebody sets them: then nothing is counted or locked', async () => {
    const free = await team();
    expect(statuses(await free.submitMany(5))).toEqual({ 202: 5 });
    expect(await world.db.query('select 1 from team_usage where team_id = $1', [free.id])).toEqual([]);
    expect(await world.db.query('select 1 from team_limits where team_id = $1', [free.id])).toEqual([]);
    expect(await free.used()).toEqual({ openJobs: 5, jobsPerDay: 5, uploadBytes: 0, monthlyBudget: 0 });
  });

  describe('for open jobs', () => {
    it('refuse what is too much, say why, and let in again when a job has ended', async () => {
      const small = await team({ openJobs: 2 });
      const first = await small.submit();
      await small.submit();
      const before = await refusals('open_jobs');
      const refused = await small.submit();
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 429, code: 'limit_reached' });
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(refused.body.detail).toBe(
        'openJobs: the team may have 2 open jobs and has 2; this request adds 1. There is room again when jobs are settled',
      );
      expect(await refusals('open_jobs')).toBe(before + 1);
      expect(await small.cancel(first.body.id)).toBe(200);
      expect((await small.submit()).status).toBe(202);
      expect((await small.submit()).status).toBe(429);
    });

    it('let exactly one of twenty in where there is room for one', async () => {
      const small = await team({ openJobs: 3 });
      await small.submitMany(2);
      expect(statuses(await small.submitMany(20))).toEqual({ 202: 1, 429: 19 });
      expect([await small.jobs(), (await small.used()).openJobs]).toEqual([3, 3]);
    });

    it('take a batch as a whole or not at all', async () => {
      const small = await team({ openJobs: 5 });
      await small.submitMany(2);
      const refused = await small.batch(4);
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 429, code: 'limit_reached' });
      expect(refused.body.detail).toContain('has 2; this request adds 4');
      expect(await small.jobs()).toBe(2);
      expect(await world.db.query('select 1 from batches where team_id = $1', [small.id])).toEqual([]);
      expect((await small.batch(3)).status).toBe(202);
      expect((await small.batch(6)).body.detail).toContain('6 jobs at once never fit');
    });

    it('are those of one team alone', async () => {
      const [one, other] = [await team({ openJobs: 1 }), await team({ openJobs: 1 })];
      expect(statuses([await one.submit(), await other.submit()])).toEqual({ 202: 2 });
      expect(statuses([await one.submit(), await other.submit()])).toEqual({ 429: 2 });
      expect((await world.client.post('/v1/diarizations', { url: world.vendor.audio })).status).toBe(202);
    });
  });

  describe('for jobs a day', () => {
    it('count what was submitted, whatever became of it, until midnight UTC', async () => {
      const daily = await team({ jobsPerDay: 2 });
      const [first] = await daily.submitMany(2);
      await daily.cancel(first?.body.id ?? '');
      const refused = await daily.submit();
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 429, code: 'limit_reached' });
      expect(refused.body.detail).toContain('jobsPerDay: the team may submit 2 jobs a day and has submitted 2 today');
      const left = Math.ceil((new Date().setUTCHours(24, 0, 0, 0) - Date.now()) / 1_000);
      const retryAfter = Number(refused.headers.get('retry-after'));
      expect(Math.abs(retryAfter - left)).toBeLessThan(10);
      expect(refused.body.detail).toContain(`in ${retryAfter} s`);
    });

    it('begin anew each day', async () => {
      const daily = await team({ jobsPerDay: 100 });
      await daily.count(`${TODAY} - interval '1 day'`, 100);
      expect((await daily.submit()).status).toBe(202);
      expect((await daily.used()).jobsPerDay).toBe(1);
      await daily.count(TODAY, 99);
      expect(statuses(await daily.submitMany(20))).toEqual({ 202: 1, 429: 19 });
      expect((await daily.used()).jobsPerDay).toBe(100);
    });

    it('count all jobs of a batch', async () => {
      const daily = await team({ jobsPerDay: 5 });
      expect((await daily.batch(4)).status).toBe(202);
      expect((await daily.batch(2)).status).toBe(429);
      expect((await daily.batch(1)).status).toBe(202);
      const never = await daily.batch(6);
      expect([never.status, never.headers.get('retry-after')]).toEqual([429, null]);
    });

    it('count what was submitted before they were set', async () => {
      const daily = await team();
      await daily.submitMany(3);
      await daily.limit({ jobsPerDay: 4 });
      expect((await daily.used()).jobsPerDay).toBe(3);
      expect(statuses(await daily.submitMany(3))).toEqual({ 202: 1, 429: 2 });
      await daily.limit({ jobsPerDay: null });
      await daily.submitMany(2);
      await daily.limit({ jobsPerDay: 7 });
      expect(statuses(await daily.submitMany(3))).toEqual({ 202: 1, 429: 2 });
    });

    it('do not count a repeated request, which is answered at the limit too', async () => {
      const daily = await team({ jobsPerDay: 1, openJobs: 1 });
      const key = { 'idempotency-key': 'once' };
      const made = await daily.submit({}, key);
      const again = await Promise.all(Array.from({ length: 5 }, () => daily.submit({}, key)));
      expect(again.map(({ status, body }) => `${status} ${body.id}`)).toEqual(Array(5).fill(`202 ${made.body.id}`));
      expect((await daily.used()).jobsPerDay).toBe(1);
      // Refused is not done: the same request is good again when there is room.
      const later = { 'idempotency-key': 'later' };
      expect((await daily.submit({}, later)).status).toBe(429);
      await daily.limit({ jobsPerDay: 3, openJobs: 3 });
      expect((await daily.submit({}, later)).status).toBe(202);
      const batch = await daily.batch(1, { 'idempotency-key': 'batch' });
      expect((await daily.batch(1, { 'idempotency-key': 'batch' })).body.id).toBe(batch.body.id);
      expect((await daily.used()).jobsPerDay).toBe(3);
    });

    it('of 0 stop a team, and none let it go on', async () => {
      const stopped = await team({ jobsPerDay: 0 });
      expect((await stopped.submit()).status).toBe(429);
      await stopped.limit({ jobsPerDay: null });
      expect((await stopped.submit()).status).toBe(202);
    });
  });

  describe('by a monthly budget', () => {
    it('refuse what costs more than is left, with what it would cost', async () => {
      price(({ minSpeakers }) => Number(minSpeakers) / 10);
      const thrifty = await team({ monthlyBudget: 1 });
      const first = await thrifty.submit({ minSpeakers: 7 });
      expect([first.status, first.body.price]).toEqual([202, 0.7]);
      const before = await refusals('monthly_budget');
      const refused = await thrifty.submit({ minSpeakers: 4 });
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 402, code: 'budget_exceeded' });
      expect(refused.body.detail).toContain(
        'monthlyBudget: the team may spend 1.00 USD a month and has spent 0.70 USD; this request costs about 0.40 USD.',
      );
      expect(await refusals('monthly_budget')).toBe(before + 1);
      // To the cent: 0.7 + 0.1 + 0.2 is 1 here.
      expect(statuses([await thrifty.submit({ minSpeakers: 1 }), await thrifty.submit({ minSpeakers: 2 })])).toEqual({
        202: 2,
      });
      expect((await thrifty.used()).monthlyBudget).toBe(1);
      const [sum] = await world.db.query('select sum(price)::float8 as price from jobs where team_id = $1', [
        thrifty.id,
      ]);
      expect(sum).toEqual({ price: 1 });
    });

    it('let exactly as many of twenty in as can be paid', async () => {
      price(() => 0.25);
      const thrifty = await team({ monthlyBudget: 0.8 });
      expect(statuses(await thrifty.submitMany(20))).toEqual({ 202: 3, 402: 17 });
      expect((await thrifty.used()).monthlyBudget).toBe(0.75);
      expect((await thrifty.batch(1)).status).toBe(402);
    });

    it('take a batch for the sum of its jobs', async () => {
      price(() => 0.1);
      const thrifty = await team({ monthlyBudget: 1 });
      const refused = await thrifty.batch(11);
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 402, code: 'budget_exceeded' });
      expect(refused.body.detail).toContain('this request costs about 1.10 USD');
      expect((await thrifty.batch(10)).status).toBe(202);
      expect((await thrifty.used()).monthlyBudget).toBe(1);
    });

    it('count this UTC month alone', async () => {
      price(() => 1);
      const thrifty = await team({ monthlyBudget: 10 });
      await thrifty.count(`${MONTH} - interval '1 day'`, 1, 10);
      expect((await thrifty.submit()).status).toBe(202);
      await thrifty.count(MONTH, 1, 10);
      expect((await thrifty.submit()).status).toBe(402);
    });

    it('get back what a job cost that ended before it was sent, once', async () => {
      price(() => 0.5);
      const thrifty = await team({ monthlyBudget: 1 });
      const [one, two] = await thrifty.submitMany(2);
      expect((await thrifty.submit()).status).toBe(402);
      await thrifty.cancel(one?.body.id ?? '');
      await thrifty.cancel(one?.body.id ?? '');
      expect((await thrifty.used()).monthlyBudget).toBe(0.5);
      expect((await thrifty.client.get(`/v1/jobs/${one?.body.id}`)).body).toMatchObject({
        status: 'canceled',
        price: 0,
      });
      const batch = await thrifty.batch(1);
      expect(batch.status).toBe(202);
      expect((await thrifty.submit()).status).toBe(402);
      await thrifty.client.post(`/v1/batches/${batch.body.id}/cancel`);
      expect((await thrifty.used()).monthlyBudget).toBe(0.5);
      // What the vendor has is spent, however it ends.
      await world.db.execute(`update jobs set status = 'unconfirmed', submit_at = null where id = $1`, [two?.body.id]);
      await world.client.post(`/v1/jobs/${two?.body.id}/resolve`, { to: 'failed', reason: 'gone' });
      expect((await thrifty.client.get(`/v1/jobs/${two?.body.id}`)).body).toMatchObject({
        status: 'failed',
        price: 0.5,
      });
      expect((await thrifty.used()).monthlyBudget).toBe(0.5);
    });

    it('get back, on the day on which it was counted, what a job cost that nobody ever sent', async () => {
      price(() => 0.5);
      const thrifty = await team({ monthlyBudget: 1 });
      const { body } = await thrifty.submit();
      await thrifty.count(`${TODAY} - interval '8 days'`, 1, 0.5);
      await world.db.execute(`update jobs set created_at = created_at - interval '8 days' where id = $1`, [body.id]);
      await world.until(body.id, 'expired');
      const days = await world.db.query('select spent::float8 from team_usage where team_id = $1 order by day', [
        thrifty.id,
      ]);
      expect(days).toEqual([{ spent: 0 }, { spent: 0.5 }]);
      expect((await thrifty.client.get(`/v1/jobs/${body.id}`)).body).toMatchObject({ status: 'expired', price: 0 });
    });

    it('count what was spent before they were set', async () => {
      price(() => 2);
      const rich = await team();
      await rich.submitMany(3);
      expect((await rich.used()).monthlyBudget).toBe(6);
      await rich.limit({ monthlyBudget: 9 });
      expect(statuses(await rich.submitMany(3))).toEqual({ 202: 1, 402: 2 });
    });

    it('leave alone what has no price, and what costs nothing', async () => {
      const broke = await team({ monthlyBudget: 0 });
      const unpriced = await broke.submit();
      expect([unpriced.status, unpriced.body.price]).toEqual([202, null]);
      price(() => 0);
      const gratis = await broke.submit();
      expect([gratis.status, gratis.body.price]).toEqual([202, 0]);
      price(() => 0.000_001);
      expect((await broke.submit()).status).toBe(402);
    });
  });

  it('hold together: of those that one refuses, the others count nothing', async () => {
    price(() => 1);
    const all = await team({ openJobs: 10, jobsPerDay: 5, monthlyBudget: 3 });
    expect(statuses(await all.submitMany(20))).toEqual({ 202: 3, 402: 17 });
    expect(await all.used()).toEqual({ openJobs: 3, jobsPerDay: 3, uploadBytes: 0, monthlyBudget: 3 });
    await all.limit({ monthlyBudget: 100 });
    expect(statuses(await all.submitMany(20))).toEqual({ 202: 2, 429: 18 });
    expect(await all.used()).toEqual({ openJobs: 5, jobsPerDay: 5, uploadBytes: 0, monthlyBudget: 5 });
  });
});
