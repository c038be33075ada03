import { RawEvents } from './harness/raw-events.js';
import { World } from './harness/service.js';
import { SseClient } from './harness/sse.js';
import { eventually } from './harness/eventually.js';

/** 38 MB: far more than two sockets hold between them. */
const LARGE = { filler: 'x'.repeat(19_000) };
const EVENTS = 2_000;

describe('A reader of the stream who takes nothing', () => {
  let world: World;
  let raw: RawEvents;

  beforeAll(async () => {
    world = await (await World.create('stream-slow')).start();
    raw = await RawEvents.connect(world.database.url);
  });

  afterAll(async () => {
    await raw.end();
    await world.end();
  });

  it('is cut off after a minute, counted, and loses nothing: it comes back with its last id', async () => {
    const key = await world.key(['jobs:read']);
    const client = await SseClient.open(`${world.url}/v1/stream`, key);
    await client.until('it has begun', ({ lastId }) => lastId);
    client.pause();
    await raw.add(LARGE, EVENTS);
    await eventually('it is cut off', async () => world.metric(/^signalbox_stream_cut_total\{reason="slow"\}/));
    expect(await world.metric(/^signalbox_streams_open /)).toBe(0);
    client.resume();
    await client.until('it has seen that', ({ over }) => over);
    expect(client.over).toBe('broken');
    const again = await client.again(`${world.url}/v1/stream`, key);
    const ids = await raw.ids();
    await again.until('the rest is there', ({ events }) => client.events.length + events.length >= ids.length);
    expect([...client.ids, ...again.ids]).toEqual(ids);
    again.close();
  });
});
