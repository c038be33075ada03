import { makeEndpoint } from './harness/endpoint.js';
import type { EndpointAnswer } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

const DAY = 24 * 60 * 60 * 1_000;

describe('An endpoint that fails', () => {
  let world: World;
  let dead: Subscriber;

  beforeAll(async () => {
    world = await (await World.create('notifications health', { factor: 0.01 })).start();
  });

  beforeEach(async () => {
    dead = await Subscriber.start();
    await dead.down();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await dead.down();
    await world.db.execute(`update endpoints set deleted_at = now()`);
    await world.db.execute(`update notifications set state = 'dropped', due_at = null where state = 'waiting'`);
  });

  afterAll(() => world.end());

  const endpoint = (url: string, body: Record<string, unknown> = {}) => makeEndpoint(world.client, url, body);

  const look = async (id: string) => (await world.client.get<EndpointAnswer>(`/v1/endpoints/${id}`)).body;

  /** As if it had failed so often, and since then. */
  async function failing(id: string, failures: number, days: number): Promise<void> {
    const sql = `update endpoints set failures = $2, failing_since = now() - $3 * interval '1 day' where id = $1`;
    await world.db.execute(sql, [id, failures, days]);
  }

  it('for five days and ten times is disabled, and the team hears of it where it still can', async () => {
    // A port that is free could be given out a second time.
    await dead.up();
    const alive = await Subscriber.start();
    await dead.down();
    try {
      const { id } = await endpoint(dead.url);
      const other = await endpoint(alive.url, { types: ['batch.finished'] });
      await failing(id, 9, 6);
      const job = await world.diarize();
      const [news] = await alive.until('the news', ({ length }) => length > 0);
      expect(verified(there(news), other.secret)).toMatchObject({
        type: 'endpoint.disabled',
        data: { endpoint: { id, failures: 10, reason: 'no success for five days' } },
      });
      expect(await look(id)).toMatchObject({ disabledReason: 'no success for five days', failures: 10 });
      const waiting = 'select state from notifications where endpoint_id = $1 and job_id = $2';
      expect(await world.db.query(waiting, [id, job.id])).toEqual([{ state: 'waiting' }]);
    } finally {
      await alive.down();
    }
  });

  it.each([
    ['only nine times', 8, 6],
    ['only for a little', 50, 0],
  ])('%s is left enabled', async (_, failures, days) => {
    const { id } = await endpoint(dead.url);
    await failing(id, failures, days);
    await world.diarize();
    await eventually('a failure is counted', async () => (await look(id)).failures > failures);
    expect((await look(id)).disabledAt).toBeNull();
  });

  it('gets what waited once it is enabled again', async () => {
    const { id, secret } = await endpoint(dead.url);
    expect((await world.client.ask(`/v1/endpoints/${id}`, { method: 'PATCH', body: { disabled: true } })).status).toBe(
      200,
    );
    const job = await world.diarize();
    await world.until(job.id);
    await dead.up();
    await world.client.ask(`/v1/endpoints/${id}`, { method: 'PATCH', body: { disabled: false } });
    const [received] = await dead.until('what waited', ({ length }) => length > 0);
    expect(verified(there(received), secret).data.job?.id).toBe(job.id);
  });

  it('is neither given up nor called early because our clock jumps by a day and back', async () => {
    const { id } = await endpoint(dead.url);
    const job = await world.diarize();
    await world.until(job.id);
    const tries = async () => {
      const sql = `select attempt, state, due_at > now() + interval '4 seconds' as rests from notifications where endpoint_id = $1`;
      return there((await world.db.query<{ attempt: number; state: string; rests: boolean }>(sql, [id]))[0]);
    };
    // After the third try, half an hour is 18 s here: nothing comes by itself any more.
    const atRest = () => eventually('it rests', async () => ((await tries()).rests ? tries() : null));
    await eventually('three tries', async () => (await tries()).attempt >= 3);
    const now = Date.now.bind(Date);
    for (const step of [DAY, -DAY]) {
      jest.spyOn(Date, 'now').mockImplementation(() => now() + step);
      const before = (await atRest()).attempt;
      await world.db.execute('update notifications set due_at = now() where endpoint_id = $1', [id]);
      await eventually('one more try', async () => (await tries()).attempt > before);
      expect((await atRest()).attempt).toBe(before + 1);
      jest.restoreAllMocks();
    }
    expect((await tries()).state).toBe('waiting');
    expect((await look(id)).disabledAt).toBeNull();
    await dead.up();
    await world.db.execute('update notifications set due_at = now() where endpoint_id = $1', [id]);
    await eventually('it is delivered', async () => (await tries()).state === 'delivered');
    expect(dead.about(job.id)).toHaveLength(1);
  });
});
