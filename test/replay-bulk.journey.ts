import { randomUUID } from 'node:crypto';
import { ReplayPlans } from '../src/kernel/webhooks/replay-plan.js';
import { Command } from './harness/command.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { keepOld } from './harness/old-notice.js';
import { World } from './harness/service.js';

/** A day passes in 72 minutes. */
const FACTOR = 0.05;
const MINUTE = 60 * 1_000;
const DAY = 24 * 60 * MINUTE;
const TURNS = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1.5 }] };

interface Plan {
  plan: string;
  count: number;
  oldest: string | null;
  newest: string | null;
  byOutcome: Record<string, number>;
}

interface Run {
  replayed: number;
  skipped: number;
}

type Refusal = { code: string; detail: string; errors?: { field: string; detail: string }[] };

describe('A replay of many', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await World.create('replay-bulk', { factor: 0.005, env: { SIGNALBOX_TIME_FACTOR: String(FACTOR) } });
    await world.start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());
  beforeEach(() => world.db.execute('truncate deliveries, delivery_ids, delivery_replays, audit_log'));

  const ask = <T>(body: object, key?: string) =>
    (key === undefined ? world.client : world.client.withKey(key)).post<T & Refusal>('/v1/deliveries/replay', body);
  const since = (ms: number) => new Date(Date.now() - ms).toISOString();
  const planned = async (filter: object): Promise<Plan> => {
    const answer = await ask<Plan>({ after: since(10 * DAY), ...filter });
    if (answer.status !== 200) throw new Error(`no plan: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const run = async (plan: string): Promise<Run> => {
    const answer = await ask<Run>({ plan });
    if (answer.status !== 202) throw new Error(`not run: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const unknown = () => ({ jobId: randomUUID(), status: 'succeeded', output: TURNS });
  const dead = async (ageMs = 3 * DAY) => {
    const { id } = await keepOld(world, unknown(), ageMs);
    await inbox.until(id, 'dead');
    return id;
  };
  const replaysOf = async (id: string) => (await inbox.delivery(id)).replays.length;
  const settled = async () => {
    const { id } = await world.diarize();
    await world.until(id, 'succeeded');
    const [delivery] = await inbox.list(`job=${id}`);
    await inbox.until(delivery?.id ?? '', 'applied');
    return { jobId: id, id: delivery?.id ?? '' };
  };
  /** Closed ones that nobody worked on, one millisecond apart. */
  const insertClosed = (count: number, outcome: string, ageMs: number) =>
    world.db.execute(
      `insert into deliveries (id, received_at, source, provider, delivery_id, refs, address, headers, body, outcome, closed_at)
       select (lpad(to_hex($3::bigint + n), 12, '0') || '7' || substr(h, 1, 3) || 'a' || substr(h, 4, 15))::uuid,
              timestamptz 'epoch' + ($3::bigint + n) * interval '1 ms', 'pyannote', 'pyannote', 'n' || n, '[]',
              '127.0.0.1', '{}', '', $2, now() from generate_series(1, $1) as n, md5(n::text) as h`,
      [count, outcome, Date.now() - ageMs],
    );

  it('is a plan first, which changes nothing, and then its run', async () => {
    const ids = [await dead(3 * DAY), await dead(2 * DAY), await dead(5 * MINUTE * 60)];
    const other = await settled();
    const plan = await planned({ outcome: ['dead', 'mismatch'], source: 'pyannote' });
    const times = await Promise.all(ids.map(async (id) => (await inbox.delivery(id)).receivedAt));
    expect(plan).toEqual({
      plan: expect.any(String) as string,
      count: 3,
      oldest: times[0],
      newest: times[2],
      byOutcome: { dead: 3 },
    });
    for (const id of ids) expect(await inbox.delivery(id)).toMatchObject({ outcome: 'dead', replays: [] });

    const answer = await ask<Run>({ plan: plan.plan, reason: 'the database was restored' });
    expect([answer.status, answer.body]).toEqual([202, { replayed: 3, skipped: 0 }]);
    for (const id of ids) {
      expect((await inbox.until(id, 'waiting')).replays).toMatchObject([
        { number: 1, reason: 'the database was restored', earlier: { outcome: 'dead' }, outcome: 'waiting' },
      ]);
    }
    expect(await inbox.delivery(other.id)).toMatchObject({ outcome: 'applied', replays: [] });
    const audits = await world.db.query('select actor, action, subject, after, reason from audit_log');
    expect(audits).toEqual([
      {
        actor: expect.stringMatching(/^key:/) as string,
        action: 'delivery.replay_bulk',
        subject: 'deliveries',
        after: expect.objectContaining({
          count: 3,
          filter: { outcome: ['dead', 'mismatch'], source: 'pyannote', after: expect.any(String) as string },
        }) as object,
        reason: 'the database was restored',
      },
    ]);
  });

  it('takes what was closed when the plan was made, not what came or came to an end since', async () => {
    const first = await dead();
    const open = await keepOld(world, unknown(), 10 * MINUTE);
    await inbox.until(open.id, 'waiting');
    const plan = await planned({ outcome: ['dead'] });
    expect(plan.count).toBe(1);
    const [newer, older] = [await dead(2 * DAY), await dead(5 * DAY)];
    await world.db.execute(
      `update deliveries set outcome = 'dead', due_at = null, closed_at = now() where id = $1 and outcome is null`,
      [open.id],
    );
    expect(await run(plan.plan)).toEqual({ replayed: 1, skipped: 0 });
    expect(await Promise.all([first, open.id, newer, older].map(replaysOf))).toEqual([1, 0, 0, 0]);
  });

  it('skips what is open by then, and a second run takes only what is closed again', async () => {
    const [one, two] = [await settled(), await settled()];
    const lost = await dead();
    const { plan, count, byOutcome } = await planned({ source: 'pyannote' });
    expect([count, byOutcome]).toEqual([3, { applied: 2, dead: 1 }]);
    await world.client.post(`/v1/deliveries/${lost}/replay`);
    expect(await run(plan)).toEqual({ replayed: 2, skipped: 1 });
    for (const { id } of [one, two]) await inbox.until(id, 'ignored');
    expect(await run(plan)).toEqual({ replayed: 2, skipped: 1 });
    expect(await Promise.all([one.id, two.id, lost].map(replaysOf))).toEqual([2, 2, 1]);
  });

  it('moves nothing backwards', async () => {
    const jobs = [await settled(), await settled(), await settled()];
    const ids = jobs.map(({ jobId }) => jobId);
    const standing = async () => [
      await world.db.query('select * from jobs where id = any($1) order by id', [ids]),
      await world.db.query('select * from events where job_id = any($1) order by seq', [ids]),
      await world.db.query('select * from follow_ups where job_id = any($1)', [ids]),
    ];
    const before = await standing();
    const { plan } = await planned({ outcome: ['applied'] });
    expect(await run(plan)).toEqual({ replayed: 3, skipped: 0 });
    for (const { id } of jobs) await inbox.until(id, 'ignored');
    expect(await standing()).toEqual(before);
  });

  it('finds the notices of one job', async () => {
    const [one] = [await settled(), await settled()];
    expect(await planned({ job: one.jobId })).toMatchObject({ count: 1, byOutcome: { applied: 1 } });
    const none = await planned({ job: randomUUID() });
    expect(none).toMatchObject({ count: 0, oldest: null, newest: null, byOutcome: {} });
    expect(await run(none.plan)).toEqual({ replayed: 0, skipped: 0 });
  });

  it('is done in batches, each of which rings', async () => {
    await insertClosed(1_201, 'mismatch', 60 * MINUTE);
    const counted = await world.metric(/^signalbox_replays_total.*source="pyannote"/);
    const plan = await planned({ outcome: ['mismatch'] });
    expect(await run(plan.plan)).toEqual({ replayed: 1_201, skipped: 0 });
    expect(await world.metric(/^signalbox_replays_total.*source="pyannote"/)).toBe(counted + 1_201);
    const [kept] = await world.db.query(
      'select count(*)::int as rows, count(distinct delivery_id)::int as ids, count(distinct asked_at)::int as batches from delivery_replays',
    );
    expect(kept).toEqual({ rows: 1_201, ids: 1_201, batches: 3 });
    expect(await world.db.query('select 1 from audit_log')).toHaveLength(1);
    await eventually('all were worked on', async () => {
      const [left] = await world.db.query<{ n: number }>('select count(*)::int as n from deliveries where attempt = 0');
      return left?.n === 0;
    });
  });

  it('is 10,000 at most; the refusal says how to make it fewer', async () => {
    await insertClosed(10_001, 'unrecognized', 2 * DAY);
    const after = since(10 * DAY);
    const refused = await ask({ outcome: ['unrecognized'], after });
    expect([refused.status, refused.body.code]).toEqual([422, 'too_many_deliveries']);
    const [, before] = /"before": "([^"]+)"/.exec(refused.body.detail) ?? [];
    expect(await planned({ outcome: ['unrecognized'], after, before })).toMatchObject({ count: 10_000 });
  });

  it('belongs to the API key that planned it, and to operators', async () => {
    const id = await dead();
    const { plan } = await planned({ outcome: ['dead'] });
    const other = await ask({ plan }, await world.key(['operate']));
    expect([other.status, other.body.code]).toEqual([403, 'plan_of_another_key']);
    const team = await world.key(['jobs:read', 'jobs:write']);
    for (const body of [{ plan }, { outcome: ['dead'], after: since(DAY) }]) {
      const answer = await ask(body, team);
      expect([answer.status, answer.body.code]).toEqual([403, 'missing_scope']);
    }
    expect(await replaysOf(id)).toBe(0);
  });

  it('is refused with a plan that is old, or that nobody made', async () => {
    await dead();
    const { plan } = await planned({ outcome: ['dead'] });
    const forged = await ask({ plan: `${plan.slice(0, -2)}${plan.endsWith('AA') ? 'BB' : 'AA'}` });
    expect([forged.status, forged.body.errors?.[0]?.field]).toEqual([400, 'plan']);
    const keyId = (JSON.parse(Buffer.from(plan.split('.')[0] ?? '', 'base64url').toString()) as { keyId: string })
      .keyId;
    const filter = { after: since(DAY) };
    const made = { filter, at: new Date().toISOString(), newest: null, count: 0 };
    const old = world.app.get(ReplayPlans).seal(made, keyId, Date.now() - 10 * MINUTE);
    const expired = await ask({ plan: old });
    expect([expired.status, expired.body.code]).toEqual([410, 'plan_expired']);
  });

  describe('from the command line', () => {
    let env: Record<string, string>;
    beforeAll(async () => {
      env = { SIGNALBOX_URL: world.url, SIGNALBOX_KEY: await world.key(['operate']) };
    });
    const replay = (...args: string[]) => Command.run(['replay', ...args], { env });

    it('is printed as a plan, and run with --yes', async () => {
      const ids = [await dead(2 * 60 * MINUTE), await dead(3 * 60 * MINUTE)];
      const args = ['--outcome', 'dead', '--source', 'pyannote', '--after', '4h'];
      const found = /^2 fit: 2 dead; from \d{4}-\S+Z to \d{4}-\S+Z\n$/;
      const plan = await replay(...args);
      expect(plan).toMatchObject({ with: 0, stderr: 'nothing is replayed yet; --yes does it\n' });
      expect(plan.stdout).toMatch(found);
      expect(await Promise.all(ids.map(replaysOf))).toEqual([0, 0]);
      const ended = await replay(...args, '--yes', '--reason', 'restored');
      expect(ended).toMatchObject({ with: 0, stdout: '2 replayed, 0 skipped\n' });
      expect(ended.stderr).toMatch(found);
      for (const id of ids) expect((await inbox.delivery(id)).replays).toMatchObject([{ reason: 'restored' }]);
      expect(await replay('--outcome', 'mismatch', '--after', '4h', '--yes')).toMatchObject({
        with: 0,
        stdout: '',
        stderr: 'no delivery fits\n',
      });
    });

    it('takes deliveries by their ids, and says of each what it lacks', async () => {
      const [one, two] = [await dead(), await dead()];
      const named = await replay(one, two, randomUUID(), '--reason', 'by hand');
      expect(named).toMatchObject({
        with: 1,
        stderr: expect.stringMatching(/404.*\n1 of 3 were not replayed\n$/) as string,
      });
      expect(named.stdout).toMatch(new RegExp(`^${one}  \\w+\n${two}  \\w+\n$`));
      expect(await Promise.all([one, two].map(replaysOf))).toEqual([1, 1]);
      const again = await replay(one);
      expect(again).toMatchObject({
        with: 1,
        stdout: '',
        stderr: expect.stringMatching(/^the service says 409: .+\n$/) as string,
      });
    });

    it('is one sentence where it cannot be', async () => {
      const tell = async (...args: string[]) => {
        const { with: code, stdout, stderr } = await replay(...args);
        expect([code, stdout, stderr.split('\n').length]).toEqual([1, '', 2]);
        return stderr;
      };
      expect(await tell()).toMatch(/^name deliveries by their ids/);
      expect(await tell('--outcome', 'lost', '--after', '1h')).toMatch(
        /^the service says 400: outcome: must be some of/,
      );
      const team = await world.key(['jobs:read']);
      expect(await tell('--outcome', 'dead', '--after', '1h', '--key', team)).toMatch(
        /403: this key lacks the scope operate/,
      );
    });
  });

  it.each<[string[], Record<string, unknown> | undefined]>([
    [['outcome', 'after'], undefined],
    [['outcome', 'after'], {}],
    [['after'], { outcome: ['dead'] }],
    [['outcome'], { outcome: 'dead', after: 'now' }],
    [['outcome'], { outcome: ['open'], after: 'now' }],
    [['outcome'], { outcome: [], after: 'now' }],
    [['after'], { source: 'pyannote', after: 'yesterday' }],
    [['after'], { source: 'pyannote', after: null }],
    [['source'], { source: 'acme', after: 'now' }],
    [['job'], { job: 'x', after: 'now' }],
    [['limit'], { source: 'pyannote', after: 'now', limit: 3 }],
    [['source'], { plan: 'x.y', source: 'pyannote' }],
    [['plan'], { plan: 'x.y' }],
    [['plan'], { plan: 1 }],
  ])('says what is wrong with a request: %j', async (fields, body) => {
    const sent = body?.after === 'now' ? { ...body, after: since(DAY) } : body;
    const answer = await world.client.post<Refusal>('/v1/deliveries/replay', sent);
    const named = new Set(answer.body.errors?.map(({ field }) => field));
    expect([answer.status, [...named].map((field) => field.replace(/\[.*/, ''))]).toEqual([400, fields]);
  });
});
