import { createHash, randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { ProviderRegistry } from '../src/kernel/jobs/provider-registry.js';
import { timeOfId } from '../src/kernel/webhooks/delivery-key.js';
import { InboxRepeats } from '../src/kernel/webhooks/inbox-repeats.js';
import { Partitions } from '../src/kernel/webhooks/partitions.js';
import { SourceRegistry } from '../src/kernel/webhooks/source-registry.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import type { DeliveryAnswer } from './harness/inbox.js';
import { few } from './harness/long.js';
import { keepOld } from './harness/old-notice.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';

/** A day passes in 72 minutes. */
const FACTOR = 0.05;
const DAY = 24 * 60 * 60 * 1_000;
const TURNS = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1.5 }] };

type Answered = DeliveryAnswer & { code: string; detail: string; errors?: { field: string }[] };

describe('A replay', () => {
  let world: World;
  let inbox: Inbox;
  const actor = expect.stringMatching(/^key:[0-9a-f-]{36}$/) as string;

  beforeAll(async () => {
    world = await World.create('replay', { factor: 0.005, env: { SIGNALBOX_TIME_FACTOR: String(FACTOR) } });
    await world.start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());
  afterEach(() => world.vendor.clearFaults());

  const replay = (id: string, body: unknown = {}) => world.client.post<Answered>(`/v1/deliveries/${id}/replay`, body);
  const audits = (id: string) =>
    world.db.query<{
      actor: string;
      action: string;
      team_id: string | null;
      before: object;
      after: object;
      reason: string;
    }>('select actor, action, team_id, before, after, reason from audit_log where subject = $1 order by at', [
      `delivery:${id}`,
    ]);
  /** All that could move, row by row. */
  const standingOf = async (jobId: string) => ({
    job: await world.db.query('select * from jobs where id = $1', [jobId]),
    events: await world.db.query('select * from events where job_id = $1 order by seq', [jobId]),
    followUps: await world.db.query('select * from follow_ups where job_id = $1', [jobId]),
  });
  const hanging = async () => {
    await world.vendor.fault('hang');
    const job = await world.until((await world.diarize()).id, 'running');
    await world.db.execute(`update jobs set check_at = now() + interval '1 hour' where id = $1`, [job.id]);
    return job;
  };
  const dead = async (body: object = { jobId: randomUUID(), status: 'succeeded', output: TURNS }) => {
    const row = await keepOld(world, body);
    await inbox.until(row.id, 'dead');
    return row;
  };

  it('of a notice that was applied ends as ignored: nothing moves, nothing is told a second time', async () => {
    const { id } = await world.diarize();
    await world.until(id, 'succeeded');
    const [delivery] = await inbox.list(`job=${id}`);
    const applied = await inbox.until(delivery?.id ?? '', 'applied');
    const before = await standingOf(id);
    const counted = await world.metric(/^signalbox_replays_total.*source="pyannote"/);

    const answer = await replay(applied.id, { reason: 'to see' });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ id: applied.id, bodyBase64: applied.bodyBase64 });
    const ended = await inbox.until(applied.id, 'ignored');
    expect(ended).toMatchObject({ jobId: id, attempts: 2, repeats: applied.repeats });
    expect(ended.replays).toEqual([
      {
        number: 1,
        askedAt: expect.any(String) as string,
        actor,
        reason: 'to see',
        earlier: { outcome: 'applied', detail: null, jobId: id, closedAt: expect.any(String) as string },
        outcome: 'ignored',
      },
    ]);
    expect(await standingOf(id)).toEqual(before);
    expect(await world.metric(/^signalbox_replays_total.*source="pyannote"/)).toBe(counted + 1);
    const [{ team_id: team } = { team_id: null }] = before.job as { team_id: string }[];
    expect(await audits(applied.id)).toEqual([
      {
        actor,
        action: 'delivery.replay',
        team_id: team,
        before: { outcome: 'applied', detail: null, jobId: id },
        after: { replay: 1 },
        reason: 'to see',
      },
    ]);

    expect((await replay(applied.id)).status).toBe(202);
    const again = await inbox.until(applied.id, 'ignored');
    expect(
      again.replays.map(({ number, reason, earlier, outcome }) => [number, reason, earlier.outcome, outcome]),
    ).toEqual([
      [1, 'to see', 'applied', 'ignored'],
      [2, null, 'ignored', 'ignored'],
    ]);
    expect(await standingOf(id)).toEqual(before);
  });

  it('of a dead notice gives it another day, in which its job turns up', async () => {
    const vendorId = randomUUID();
    const job = await hanging();
    const { id } = await dead({ jobId: vendorId, status: 'succeeded', output: TURNS });
    expect((await replay(id, { reason: 'restored' })).status).toBe(202);
    expect(await inbox.until(id, 'waiting')).toMatchObject({
      detail: 'no job of ours is known by its ids',
      jobId: null,
    });

    await world.db.execute('update jobs set external_id = $2 where id = $1', [job.id, vendorId]);
    const applied = await inbox.until(id, 'applied');
    expect(applied).toMatchObject({ jobId: job.id, replays: [{ earlier: { outcome: 'dead' }, outcome: 'applied' }] });
    expect(await world.job(job.id)).toMatchObject({ status: 'succeeded', result: TURNS });
    expect((await world.events(job.id)).at(-1)?.cause).toEqual({ by: 'notice', delivery: id });
  });

  it('begins again with short pauses, and dies when its own day is over', async () => {
    const { id } = await dead();
    await world.db.execute('update deliveries set attempt = 200 where id = $1', [id]);
    await replay(id);
    await eventually('three tries', async () => (await inbox.delivery(id)).attempts >= 203, 60_000);
    await world.db.execute(
      `update delivery_replays set asked_at = asked_at - interval '1 day' where delivery_id = $1`,
      [id],
    );
    expect((await inbox.until(id, 'dead')).replays).toMatchObject([{ earlier: { outcome: 'dead' }, outcome: 'dead' }]);
  });

  it('that dies leaves the notice with the job that it once changed', async () => {
    const { id: jobId } = await world.diarize();
    await world.until(jobId, 'succeeded');
    const row = await keepOld(world, { jobId: (await world.job(jobId)).externalId, status: 'failed', n: 1 });
    await inbox.until(row.id, 'ignored');
    await world.db.execute(`update deliveries set refs = '[]' where id = $1`, [row.id]);
    await replay(row.id);
    await inbox.until(row.id, 'waiting');
    await world.db.execute(
      `update delivery_replays set asked_at = asked_at - interval '1 day' where delivery_id = $1`,
      [row.id],
    );
    expect(await inbox.until(row.id, 'dead')).toMatchObject({ jobId });
  });

  it('is one, however many ask for it at once; the others hear that it is open', async () => {
    const { id } = await dead();
    const answers = await Promise.all(Array.from({ length: 10 }, () => replay(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'delivery_open' });
    expect((await inbox.delivery(id)).replays).toHaveLength(1);
    expect(await audits(id)).toHaveLength(1);
    expect((await replay(id)).body.code).toBe('delivery_open');
  });

  it('leaves the ledger alone: a repeat that comes meanwhile is counted and rings, as ever', async () => {
    const body = { jobId: randomUUID(), status: 'succeeded', output: TURNS };
    const { id } = await dead(body);
    await replay(id);
    await inbox.until(id, 'waiting');
    const { attempts } = await inbox.delivery(id);
    expect((await inbox.send(body)).body).toEqual({ deliveryId: id, duplicate: true });
    await eventually('a try for it', async () => (await inbox.delivery(id)).attempts > attempts);
    expect(await inbox.delivery(id)).toMatchObject({ repeats: 1, replays: [{ number: 1 }] });
  });

  it('of a mismatch is a mismatch again', async () => {
    const [mine, other] = [await hanging(), await hanging()];
    const id = await inbox.sendWell(
      { jobId: mine.externalId, status: 'succeeded', output: TURNS },
      { to: await inbox.addressOf(other.id) },
    );
    const before = await inbox.until(id, 'mismatch');
    const standing = [await standingOf(mine.id), await standingOf(other.id)];
    await replay(id);
    await eventually('it is closed again', async () => (await inbox.delivery(id)).attempts === 2);
    expect(await inbox.until(id, 'mismatch')).toMatchObject({ detail: before.detail, jobId: null });
    expect([await standingOf(mine.id), await standingOf(other.id)]).toEqual(standing);
  });

  it('of older news overwrites no newer facts, and fills gaps', async () => {
    const job = await hanging();
    // No vendor here tells facts that change; one that does speaks through the same contract.
    const provider = world.app.get(ProviderRegistry).named('pyannote');
    const tells = jest.spyOn(provider, 'interpret').mockImplementation((notice) => {
      const { facts } = JSON.parse(notice.body.toString()) as { facts: Record<string, unknown> };
      return Promise.resolve({ facts });
    });
    try {
      const send = async (facts: object) => inbox.sendWell({ jobId: job.externalId, facts });
      const facts = async () => (await world.db.query('select facts, version from jobs where id = $1', [job.id]))[0];
      const older = await send({ line: 'busy', answeredAt: '2026-11-21T10:00:00Z' });
      await inbox.until(older, 'applied');
      await inbox.until(await send({ line: 'free', answeredAt: '2026-11-21T10:00:05Z' }), 'applied');
      const before = await facts();
      expect(before?.facts).toEqual({ line: 'free', answeredAt: '2026-11-21T10:00:00Z' });
      await replay(older);
      await inbox.until(older, 'ignored');
      expect(await facts()).toEqual(before);

      await world.db.execute(`update jobs set facts = '{"line":"free"}' where id = $1`, [job.id]);
      await replay(older);
      await inbox.until(older, 'applied');
      expect((await facts())?.facts).toEqual(before?.facts);
    } finally {
      tells.mockRestore();
    }
  });

  it('works on a conflicting notice for the first time', async () => {
    const job = await hanging();
    const first = await keepOld(world, { jobId: randomUUID(), status: 'failed' }, 0);
    const body = Buffer.from(JSON.stringify({ jobId: job.externalId, status: 'succeeded', output: TURNS }));
    const id = uuidv7();
    const second = { id, receivedAt: timeOfId(id), body, bodySha: createHash('sha256').update(body).digest() };
    await world.app.get(InboxRepeats).count({ ...first, ...second, refs: JSON.stringify([job.externalId]) });
    expect(await inbox.until(id, 'conflicting')).toMatchObject({ attempts: 0 });
    await replay(id);
    expect(await inbox.until(id, 'applied')).toMatchObject({
      jobId: job.id,
      replays: [{ earlier: { outcome: 'conflicting' } }],
    });
    expect((await world.job(job.id)).status).toBe('succeeded');
  });

  it('of news that is no job’s tells its source again', async () => {
    const told: string[] = [];
    world.app.get(SourceRegistry).register({
      name: 'chat',
      provider: 'pyannote',
      paths: [],
      secretHeaders: [],
      missingKeys: () => [],
      verify: () => undefined,
      identify: () => null,
      handle: (notice) => Promise.resolve(void told.push(notice.body.toString())),
    });
    const { id } = await keepOld(world, { command: '/start' }, 0, { source: 'chat' });
    await inbox.until(id, 'handled');
    await replay(id);
    await eventually('it was told twice', () => Promise.resolve(told.length === 2));
    expect(told).toEqual(Array(2).fill('{"command":"/start"}'));
    expect(await inbox.until(id, 'handled')).toMatchObject({ replays: [{ earlier: { outcome: 'handled' } }] });
  });

  it('is not begun where nobody here could work on it', async () => {
    const row = await dead();
    await world.db.execute(`update deliveries set source = 'left' where id = $1`, [row.id]);
    const answer = await replay(row.id);
    expect([answer.status, answer.body.code]).toEqual([409, 'source_not_registered']);
  });

  it('is for operators only', async () => {
    const { id } = await dead();
    const team = world.client.withKey(await world.key(['jobs:read', 'jobs:write']));
    const answer = await team.post<Answered>(`/v1/deliveries/${id}/replay`, {});
    expect([answer.status, answer.body.code]).toEqual([403, 'missing_scope']);
    expect(await inbox.delivery(id)).toMatchObject({ outcome: 'dead', replays: [] });
    expect(await audits(id)).toEqual([]);
  });

  it('may come without a body, and says what is wrong with one', async () => {
    const { id } = await dead();
    for (const body of [{ reason: '' }, { reason: 1 }, { reason: 'x'.repeat(1_001) }, { why: 'x' }]) {
      const answer = await replay(id, body);
      expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([400, Object.keys(body)[0]]);
    }
    expect((await world.client.post(`/v1/deliveries/${id}/replay`)).status).toBe(202);
    const other = await dead();
    expect((await replay(other.id, { reason: 'with\0nul' })).status).toBe(202);
    expect((await inbox.delivery(other.id)).replays[0]?.reason).toBe('with\uFFFDnul');
  });

  describe('of a notice that is not there', () => {
    const asked = async (id: string, client = world.client) => {
      const [read, replayed] = [
        await client.get<Answered>(`/v1/deliveries/${id}`),
        await client.post<Answered>(`/v1/deliveries/${id}/replay`),
      ];
      return [read, replayed].map(({ status, body }) => [status, body.code]);
    };
    const twice = (status: number, code: string) => [
      [status, code],
      [status, code],
    ];

    it('is 410 where its day was dropped, for those who may know', async () => {
      const row = await keepOld(world, { jobId: randomUUID() }, 40 * DAY);
      await inbox.until(row.id, 'dead');
      const day = new Date(row.receivedAt).toISOString().slice(0, 10).replaceAll('-', '');
      await world.db.execute(`drop table deliveries_${day}`);
      expect(await asked(row.id)).toEqual(twice(410, 'delivery_gone'));
      const team = world.client.withKey(await world.key(['jobs:read']));
      expect((await team.get<Answered>(`/v1/deliveries/${row.id}`)).body.code).toBe('delivery_not_found');

      await world.app.get(Partitions).ensure(row.receivedAt);
      expect(await asked(row.id)).toEqual(twice(410, 'delivery_gone'));
      expect(await asked(uuidv7({ msecs: row.receivedAt }))).toEqual(twice(404, 'delivery_not_found'));
    });

    it.each([
      ['of today', () => uuidv7()],
      ['of a day to come', () => uuidv7({ msecs: Date.now() + 100 * DAY })],
      ['that is none', () => 'x'],
      ['of another kind', () => randomUUID()],
    ])('is 404 where nobody ever had an id %s', async (_what, id) => {
      expect(await asked(id())).toEqual(twice(404, 'delivery_not_found'));
    });
  });
});

describe('A replay whose process is killed with -9', () => {
  it.each(few(['notice.interpreted', 'notice.taken', 'notice.committed'], 1))(
    'at %s loses nothing and does nothing twice',
    async (point) => {
      const world = await World.create(`replay ${point}`, { factor: 0.02 });
      let survivor: ServiceProcess | null = null;
      try {
        await world.start();
        const key = await world.key();
        await world.vendor.fault('hang');
        const vendorId = randomUUID();
        const job = await world.until((await world.diarize()).id, 'running');
        const { id } = await keepOld(world, { jobId: vendorId, status: 'succeeded', output: TURNS });
        await new Inbox(world).until(id, 'dead');
        await world.db.execute(`update jobs set external_id = $2, check_at = now() + interval '1 hour' where id = $1`, [
          job.id,
          vendorId,
        ]);
        await world.stop();

        const port = await freePort();
        const victim = await ServiceProcess.start({ ...world.env, SIGNALBOX_CRASH_AT: point }, port).ready();
        const api = new ApiClient(victim.url, key);
        // The answer may be lost with the process; what was asked for is not.
        await api.post(`/v1/deliveries/${id}/replay`, { reason: 'by hand' }).catch(() => null);
        expect(await victim.ended).toBe('SIGKILL');

        survivor = await ServiceProcess.start(world.env, port).ready();
        const closed = await eventually(
          'it is applied',
          async () => {
            const { body } = await api.get<DeliveryAnswer>(`/v1/deliveries/${id}`);
            return body.outcome === 'applied' && body;
          },
          60_000,
        );
        expect(closed.replays).toMatchObject([{ number: 1, earlier: { outcome: 'dead' }, outcome: 'applied' }]);
        const { body } = await api.get<{ items: { type: string }[] }>(`/v1/jobs/${job.id}/events`);
        expect(body.items.filter(({ type }) => type === 'diarization.succeeded')).toHaveLength(1);
      } finally {
        await survivor?.kill('SIGTERM');
        await world.end();
      }
    },
    90_000,
  );
});
