import { JobsService } from '../src/kernel/jobs/jobs.service.js';
import { eventually } from './harness/eventually.js';
import { RawEvents } from './harness/raw-events.js';
import { World } from './harness/service.js';
import { SseClient } from './harness/sse.js';

const seqOf = (id: string) => id.split('-')[2];

describe('The order of the stream', () => {
  let world: World;
  let key: string;
  let [first, second]: RawEvents[] = [];
  const open: SseClient[] = [];

  beforeAll(async () => {
    world = await (await World.create('stream-order')).start();
    key = await world.key(['jobs:read']);
    first = await RawEvents.connect(world.database.url);
    second = await RawEvents.connect(world.database.url);
  });

  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });

  afterAll(async () => {
    await first?.end();
    await second?.end();
    await world.end();
  });

  async function stream(path = '/v1/stream', lastId = ''): Promise<SseClient> {
    const headers: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
    const client = await SseClient.open(world.url + path, key, headers);
    open.push(client);
    return client.until('it has begun', ({ comments }) => comments);
  }

  function both(): [RawEvents, RawEvents] {
    if (!first || !second) throw new Error('not connected');
    return [first, second];
  }

  const lag = () => world.metric(/^signalbox_stream_lag_seconds /);

  it('does not miss a lower number that is committed last', async () => {
    const [slow, quick] = both();
    const client = await stream();
    await slow.db.query('begin');
    const lower = await slow.add();
    const higher = await quick.add();
    expect(Number(higher.seq)).toBeGreaterThan(Number(lower.seq));
    await eventually('the stream has seen the higher one, and holds it back', async () => (await lag()) > 0.1);
    expect(client.events).toEqual([]);
    await slow.db.query('commit');
    await client.until('both are there', ({ events }) => events.length === 2);
    expect(client.ids.map(seqOf)).toEqual([lower.seq, higher.seq]);
    await eventually('nothing is held back', async () => (await lag()) < 0.1);
  });

  it('goes by transactions: who began first comes first, whatever the numbers are', async () => {
    const [slow, quick] = both();
    const client = await stream();
    await slow.db.query('begin');
    const { rows } = await slow.db.query<{ tx: string }>('select pg_current_xact_id()::text as tx');
    const lower = await quick.add();
    const higher = await slow.add();
    await eventually('the stream holds the lower one back', async () => (await lag()) > 0.1);
    await slow.db.query('commit');
    await client.until('both are there', ({ events }) => events.length === 2);
    expect({ own: rows[0]?.tx, seqs: client.ids.map(seqOf) }).toEqual({
      own: higher.tx,
      seqs: [higher.seq, lower.seq],
    });
  });

  it('is not held up by what was rolled back', async () => {
    const [slow, quick] = both();
    const client = await stream();
    await slow.db.query('begin');
    await slow.add();
    const { seq } = await quick.add();
    await slow.db.query('rollback');
    await client.until('the other one is there', ({ events }) => events.length === 1);
    expect(client.ids.map(seqOf)).toEqual([seq]);
  });

  it('of one job is that of its changes, also where the transaction that ended it had begun first', async () => {
    await world.vendor.fault('hang');
    const { id } = await world.until((await world.diarize()).id, 'running');
    const [ofJob, ofTeam] = [await stream(`/v1/jobs/${id}/stream`), await stream()];
    const jobs = world.app.get(JobsService);
    const began: { release?: () => void; tx?: string } = {};
    const gate = new Promise<void>((release) => (began.release = release));
    const ended = world.db.unitOfWork(async (tx) => {
      const [own] = await tx.query<{ id: string }>('select pg_current_xact_id()::text as id');
      began.tx = own?.id;
      await gate;
      await jobs.change(tx, id, { to: 'failed' }, { by: 'check' });
    });
    await eventually('the transaction has begun', () => Promise.resolve(began.tx));
    await world.db.unitOfWork((tx) => jobs.change(tx, id, { phase: 'processing' }, { by: 'check' }));
    began.release?.();
    await ended;
    await ofJob.until('it has ended', ({ over }) => over);
    expect(ofJob.types.slice(-2)).toEqual(['diarization.processing', 'diarization.failed']);
    await ofTeam.until('the end is there', ({ types }) => types.includes('diarization.failed'));
  });

  it('is the same for all, whatever goes on at the same time and wherever they begin', async () => {
    const before = await both()[0].ids();
    const clients = await Promise.all([stream(), stream(), stream()]);
    const writers = await Promise.all(Array.from({ length: 6 }, () => RawEvents.connect(world.database.url)));
    const write = async (writer: RawEvents, who: number) => {
      for (let round = 0; round < 12; round++) {
        await writer.db.query('begin');
        if (round % 2 === who % 2) await writer.db.query('select pg_current_xact_id()');
        await writer.add({ who, round }, 1 + ((who * 7 + round * 3) % 5));
        await new Promise((passed) => setTimeout(passed, (who * 13 + round * 29) % 40));
        await writer.db.query(round % 5 === 4 ? 'rollback' : 'commit');
        if (round % 3 === 0) await writer.notify();
      }
    };
    await Promise.all(writers.map(write));
    await Promise.all(writers.map((writer) => writer.end()));
    const ids = (await both()[0].ids()).slice(before.length);
    expect(ids.length).toBeGreaterThan(150);
    for (const client of clients) {
      await client.until('everything is there', ({ events }) => events.length >= ids.length);
      expect(client.ids).toEqual(ids);
    }
    for (const at of [0, 1, 77, ids.length - 2]) {
      const later = await stream('/v1/stream', ids[at]);
      await later.until('the rest is there', ({ events }) => events.length >= ids.length - at - 1);
      expect(later.ids).toEqual(ids.slice(at + 1));
    }
  });
});
