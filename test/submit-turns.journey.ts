import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';

const FACTOR = 0.03;
const MINUTE = 60_000 * FACTOR;

describe('Whose submit is next', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('submit turns', { factor: FACTOR })).start();
    for (const name of ['many', 'few']) await world.team(name);
  });

  afterAll(() => world.end());

  const pause = (paused: boolean) =>
    world.db.execute(
      `insert into provider_states (provider, paused) values ('pyannote', $1)
       on conflict (provider) do update set paused = excluded.paused`,
      [paused],
    );

  /** So many jobs of one team, made at about the same time. */
  const make = async (count: number, key: string) => {
    const client = world.client.withKey(key);
    const ids: string[] = [];
    const one = async () => {
      const made = await client.post<{ id: string }>('/v1/diarizations', { url: world.vendor.audio });
      ids.push(made.body.id);
    };
    for (let left = count; left > 0; left -= 20) await Promise.all(Array.from({ length: Math.min(left, 20) }, one));
    return ids;
  };

  const submits = async () => (await world.vendor.record()).requests.filter(({ path }) => path.endsWith('/diarize'));

  it('alternates between two teams that both have jobs waiting', async () => {
    await pause(true);
    const many = await world.key(['jobs:write'], 'many');
    const few = await world.key(['jobs:write'], 'few');
    const mine = new Set(await make(20, many));
    await make(20, few);
    await pause(false);
    const order = await eventually('all are sent', async () => {
      const taken = await world.db.query<{ job: string }>(
        `select job_id as job from events where type = 'diarization.submitting' order by at`,
      );
      return taken.length === 40 && taken.map(({ job }) => mine.has(job));
    });
    let ahead = 0;
    for (const isMine of order) {
      ahead += isMine ? 1 : -1;
      // Eight are taken in hand at the same time; strictly one after the other is not what is promised.
      expect(Math.abs(ahead)).toBeLessThanOrEqual(5);
    }
    expect(ahead).toBe(0);
    await eventually('all are with the vendor', async () => (await submits()).length === 40);
  });

  describe('with 300 jobs of one team in the queue', () => {
    let ids: string[];
    let sentBefore: number;

    beforeAll(async () => {
      sentBefore = (await submits()).length;
      await pause(true);
      const [first = ''] = await make(1, await world.key(['jobs:write'], 'many'));
      const copies = await world.db.query<{ id: string }>(
        `insert into jobs (id, team_id, provider, kind, input, webhook, submit_at)
         select gen_random_uuid(), team_id, provider, kind, input, webhook, submit_at
         from jobs, generate_series(1, 299) where id = $1 returning id`,
        [first],
      );
      ids = [first, ...copies.map(({ id }) => id)];
      await pause(false);
    }, 60_000);

    it('is the one job of another team, almost at once', async () => {
      const key = await world.key(['jobs:write'], 'few');
      await eventually('some are with the vendor', async () => (await submits()).length >= sentBefore + 5);
      const made = new Date();
      const [id = ''] = await make(1, key);
      await eventually('it is with the vendor', async () => (await world.job(id)).externalId !== null);
      const sent = (await submits()).filter(({ at }) => new Date(at) >= made);
      const { externalId } = await world.job(id);
      expect(sent.findIndex(({ jobId }) => jobId === externalId)).toBeLessThan(10);
    });

    it('are all of them in the end, without ever overrunning the vendor’s 100 a minute', async () => {
      const unfinished = `select count(*)::int as left from jobs where id = any($1) and status <> 'succeeded'`;
      const done = async () => (await world.db.query<{ left: number }>(unfinished, [ids]))[0]?.left === 0;
      await eventually('all have succeeded', done, 55_000);
      const sent = (await submits()).slice(sentBefore);
      expect(sent.filter(({ status }) => status !== 200)).toEqual([]);
      const { jobs } = await world.vendor.record();
      const paid = jobs.map(({ request }) => new URL(request.webhook ?? '').searchParams.get('job') ?? '');
      const mine = new Set(ids);
      expect(paid.filter((id) => mine.has(id))).toHaveLength(300);
      expect(new Set(paid).size).toBe(paid.length);
      expect(Date.parse(sent.at(-1)?.at ?? '') - Date.parse(sent[0]?.at ?? '')).toBeGreaterThan(1.9 * MINUTE);
      // Waiting for a place is no news: a long queue is not taken in hand again and again only to be put back.
      const taken = await world.db.query(
        `select 1 from events where type = 'diarization.submitting' and job_id = any($1)`,
        [ids],
      );
      expect(taken.length).toBeLessThan(300 + 100);
    }, 60_000);
  });
});
