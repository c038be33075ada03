import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { RawEvents } from './harness/raw-events.js';
import { insertKey } from './harness/raw-key.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { World } from './harness/service.js';
import { SseClient } from './harness/sse.js';

const STREAMS = 1_000;
const OF_A_KEY = 100;
const EVENTS = 40;
const MB = 1_024 * 1_024;
/** One event of the largest size. */
const LARGE = { filler: 'x'.repeat(19_000) };
/** 38 MB: far more than two sockets hold between them. */
const LARGE_EVENTS = 2_000;

describe('A thousand streams of one process', () => {
  let world: World;
  let raw: RawEvents;
  let service: ServiceProcess;
  let keys: string[];
  const clients: SseClient[] = [];

  beforeAll(async () => {
    world = await World.create('stream-many', { factor: 0.3 });
    await migrate(world.database.url);
    raw = await RawEvents.connect(world.database.url);
    keys = [];
    while (keys.length < STREAMS / OF_A_KEY) keys.push(await insertKey(raw.db));
    service = await ServiceProcess.start(world.env, await freePort()).ready();
  }, 60_000);

  afterAll(async () => {
    for (const client of clients) client.close();
    await service.kill();
    await raw.end();
    await world.end();
  });

  async function metric(name: string): Promise<number> {
    const { body } = await new ApiClient(service.url).get<string>('/metrics');
    const line = body.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.split(' ')[1] ?? 0);
  }

  const memory = () => metric('process_resident_memory_bytes');

  async function openAll(): Promise<void> {
    for (const key of keys) {
      const some = Array.from({ length: OF_A_KEY }, () => SseClient.open(`${service.url}/v1/stream`, key));
      clients.push(...(await Promise.all(some)));
    }
  }

  it('each get every event, in order, and take little memory', async () => {
    const before = await memory();
    await openAll();
    expect(clients.every(({ status }) => status === 200)).toBe(true);
    expect(await metric('signalbox_streams_open')).toBe(STREAMS);
    const start = Date.now();
    for (let n = 0; n < EVENTS; n += 4) {
      await raw.add({ n, filler: 'x'.repeat(500) }, 4);
      await raw.notify();
    }
    const ids = await raw.ids();
    expect(ids).toHaveLength(EVENTS);
    await eventually('all have all', () => Promise.resolve(clients.every(({ events }) => events.length >= EVENTS)));
    process.stderr.write(`${STREAMS} streams, ${EVENTS} events: ${Date.now() - start} ms\n`);
    const others = clients.filter((client) => client.ids.join() !== ids.join());
    expect(others.map((client) => client.ids)).toEqual([]);
    const grown = ((await memory()) - before) / MB;
    process.stderr.write(`${STREAMS} streams: ${grown.toFixed(0)} MB\n`);
    expect(grown).toBeLessThan(150);
  }, 60_000);

  it('are not held up by one that takes nothing, for which no memory is kept, and which misses nothing', async () => {
    const slow = clients[0];
    const quick = clients.slice(1, 4);
    if (!slow) throw new Error('no streams');
    for (const client of clients.splice(4)) client.close();
    await eventually('the others are gone', async () => (await metric('signalbox_streams_open')) === 4);
    slow.pause();
    const before = await memory();
    for (let n = 0; n < LARGE_EVENTS; n += 100) {
      await raw.add(LARGE, 100);
      await raw.notify();
    }
    const all = EVENTS + LARGE_EVENTS;
    for (const client of quick) await client.until('it has all', ({ events }) => events.length === all, 60_000);
    expect(slow.events.length).toBeLessThan(all);
    const grown = ((await memory()) - before) / MB;
    process.stderr.write(`38 MB past a slow reader: ${grown.toFixed(0)} MB\n`);
    expect(grown).toBeLessThan(150);
    slow.resume();
    await slow.until('it has all', ({ events }) => events.length === all, 60_000);
    const ids = await raw.ids();
    for (const client of [slow, ...quick]) expect(client.ids).toEqual(ids);
    expect(slow.over).toBeNull();
  }, 60_000);
});
