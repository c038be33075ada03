import { EventLog } from '../src/kernel/notifications/event-log.js';
import { whileAway } from './harness/away.js';
import { eventually } from './harness/eventually.js';
import { RawEvents } from './harness/raw-events.js';
import { World } from './harness/service.js';
import { SseClient } from './harness/sse.js';

describe('The word that there are events', () => {
  let world: World;
  let raw: RawEvents;
  let key: string;

  beforeAll(async () => {
    world = await (await World.create('stream-signal')).start();
    raw = await RawEvents.connect(world.database.url);
    key = await world.key(['jobs:read']);
  });

  afterAll(async () => {
    await raw.end();
    await world.end();
  });

  /** The connection of the service that listens. */
  async function listener(): Promise<number | undefined> {
    const { rows } = await raw.db.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name = 'signalbox listen'`,
    );
    return rows[0]?.pid;
  }

  const stream = async () =>
    (await SseClient.open(`${world.url}/v1/stream`, key)).until('it has begun', ({ lastId }) => lastId);

  it('is given after commits, one for many, and none for what was rolled back', async () => {
    const heard: number[] = [];
    raw.db.on('notification', () => heard.push(Date.now()));
    await raw.db.query('listen signalbox_stream');
    const [team] = await world.db.query<{ id: string }>('select id from teams');
    const append = (fail = false) =>
      world.db.unitOfWork(async (tx) => {
        const about = { jobId: null, teamId: team?.id ?? '' };
        await world.app.get(EventLog).append(tx, about, { by: 'notify' }, { type: 'endpoint.test' });
        if (fail) throw new Error('rolled back');
      });
    await expect(append(true)).rejects.toThrow('rolled back');
    for (let round = 0; round < 8; round++) await Promise.all(Array.from({ length: 25 }, () => append()));
    await eventually('it is given', () => Promise.resolve(heard.length > 0));
    const { rows } = await raw.db.query<{ count: string }>('select count(*) from events');
    expect(rows).toEqual([{ count: '200' }]);
    expect(heard.length).toBeLessThan(50);
    await raw.db.query('unlisten *');
  });

  it('is listened for while somebody has a stream, again when the connection was lost, and not for nobody', async () => {
    expect(await listener()).toBeUndefined();
    const client = await stream();
    const pid = await eventually('it listens', listener);
    await raw.add();
    await raw.notify();
    await client.until('it is there', ({ events }) => events.length === 1);
    await raw.db.query('select pg_terminate_backend($1)', [pid]);
    await raw.add();
    await client.until('it is there without a word', ({ events }) => events.length === 2);
    expect(await eventually('it listens again', listener)).not.toBe(pid);
    client.close();
    await eventually('it does not listen any more', async () => (await listener()) === undefined);
  });

  it('is not all: a stream outlives its database, and goes on where it was', async () => {
    const [client, other] = [await stream(), await stream()];
    await raw.add();
    await client.until('it is there', ({ events }) => events.length === 1);
    await raw.end();
    await whileAway(world.database, async () => {
      await eventually('the stream says so', async () => (await world.metric(/^signalbox_stream_lag_seconds /)) > 1);
      expect(client.over).toBeNull();
    });
    raw = await RawEvents.connect(world.database.url);
    await raw.add({}, 3);
    const ids = (await raw.ids()).slice(-4);
    for (const one of [client, other]) {
      await one.until('all are there', ({ events }) => events.length === 4);
      expect({ ids: one.ids, over: one.over }).toEqual({ ids, over: null });
      one.close();
    }
  });
});
