import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { RawEvents } from './harness/raw-events.js';
import { insertKey } from './harness/raw-key.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { SseClient } from './harness/sse.js';

/** Comes back as soon as it is cut off, to the next address of the list, with the last id that it has. */
class Follower {
  readonly ids: string[] = [];
  connections = 0;
  private lastId = '';
  private client: SseClient | null = null;
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly urls: readonly string[],
    private readonly key: string,
  ) {
    this.running = this.follow();
  }

  async until(what: string, holds: (follower: this) => boolean, deadlineMs = 60_000): Promise<void> {
    const end = Date.now() + deadlineMs;
    while (!holds(this)) {
      this.gather();
      if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms; has ${this.ids.length}`);
      await pause(20);
    }
  }

  cut(): void {
    this.client?.close();
  }

  async end(): Promise<void> {
    this.isOver = true;
    this.client?.close();
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.isOver) {
      const url = this.urls[this.connections % this.urls.length] ?? '';
      const headers: Record<string, string> = this.lastId === '' ? {} : { 'last-event-id': this.lastId };
      try {
        this.client = await SseClient.open(`${url}/v1/stream`, this.key, headers);
        this.connections += 1;
        while (this.client.over === null) await pause(10);
      } catch {
        await pause(50);
      }
      this.gather();
      this.client = null;
    }
  }

  private gather(): void {
    if (!this.client) return;
    this.ids.push(...this.client.events.splice(0).map(({ id }) => id));
    this.lastId = this.client.lastId || this.lastId;
  }
}

const pause = (ms: number) => new Promise((passed) => setTimeout(passed, ms));

describe('A stream goes on where it was', () => {
  let world: World;
  let raw: RawEvents;
  let key: string;
  let ports: [number, number];
  const services: ServiceProcess[] = [];

  beforeAll(async () => {
    world = await World.create('stream-resume', { factor: 0.02 });
    await migrate(world.database.url);
    raw = await RawEvents.connect(world.database.url);
    key = await insertKey(raw.db);
    ports = [await freePort(), await freePort()];
    await Promise.all(ports.map(start));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.kill()));
    await raw.end();
    await world.end();
  });

  async function start(port: number): Promise<ServiceProcess> {
    const service = ServiceProcess.start(world.env, port);
    services.push(service);
    return service.ready();
  }

  const urlOf = (port: number) => `http://127.0.0.1:${port}`;

  it('when its process is killed in the middle, when it is stopped, and when it is another replica that answers', async () => {
    const [first, second] = services;
    if (!first || !second) throw new Error('no services');
    const followers = {
      ofTheFirst: new Follower([urlOf(ports[0])], key),
      ofTheSecond: new Follower([urlOf(ports[1])], key),
      ofBoth: new Follower(ports.map(urlOf), key),
    };
    const all = Object.values(followers);
    for (const follower of all) await follower.until('it is there', ({ connections }) => connections > 0);
    const before = await raw.ids();
    const writing = { is: true };
    const written = (async () => {
      for (let n = 0; writing.is; n++) {
        await raw.add({ n, filler: 'x'.repeat(n % 700) }, 1 + (n % 3));
        if (n % 4 === 0) await raw.notify();
        if (n % 20 === 0) followers.ofBoth.cut();
        await pause(10);
      }
    })();
    await followers.ofTheFirst.until('it is in the middle', ({ ids }) => ids.length > 60);
    await first.kill('SIGKILL');
    const api = new ApiClient(urlOf(ports[1]), key);
    const { body } = await api.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio });
    const again = await start(ports[0]);
    await followers.ofTheFirst.until('it is back', ({ connections }) => connections > 1);
    await again.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    await start(ports[0]);
    await followers.ofTheFirst.until('it is back again', ({ connections }) => connections > 2);
    writing.is = false;
    await written;
    const job = await api.get<JobAnswer>(`/v1/jobs/${body.id}`, { prefer: 'wait=20' });
    expect(job.body.status).toBe('succeeded');

    const ids = (await raw.ids()).slice(before.length);
    expect(ids.length).toBeGreaterThan(150);
    for (const follower of all) {
      await follower.until('everything is there', (one) => one.ids.length >= ids.length);
      expect(follower.ids).toEqual(ids);
    }
    expect(followers.ofBoth.connections).toBeGreaterThan(5);
    await Promise.all(all.map((follower) => follower.end()));
  }, 60_000);

  it('is told once that the numbers began anew, where the database is a copy from elsewhere', async () => {
    const client = await SseClient.open(`${urlOf(ports[1])}/v1/stream`, key);
    await client.until('it has begun', ({ lastId }) => lastId);
    client.close();
    await raw.db.query(
      `insert into events (tx, team_id, type, data, cause)
       select 10 ^ 15, id, 'diarization.failed', '{"from": "elsewhere"}', '{}' from teams`,
    );
    await services.at(-1)?.kill('SIGTERM');
    const [here, there] = await Promise.all([start(ports[0]), start(await freePort())]);
    const { rows } = await raw.db.query('select epoch from event_epochs order by epoch');
    expect(rows).toEqual([{ epoch: 1 }, { epoch: 2 }]);

    const reset = await client.again(`${here.url}/v1/stream`, key);
    const anew = await SseClient.open(`${there.url}/v1/stream`, key);
    await anew.until('it has begun', ({ lastId }) => lastId);
    const { tx } = await raw.add({ after: 'the copy' });
    expect(Number(tx)).toBeLessThan(1e15);
    for (const one of [reset, anew])
      await one.until('the new one is there', ({ told }) => told.some((t) => t.data?.after));
    expect(reset.types).toEqual(['reset', 'diarization.succeeded']);
    expect(anew.types).toEqual(['diarization.succeeded']);
    for (const one of [reset, anew]) one.close();
    const once = await reset.again(`${there.url}/v1/stream`, key);
    await raw.add({ and: 'once' });
    await once.until('the next one is there', ({ events }) => events.length > 0);
    expect(once.types).toEqual(['diarization.succeeded']);
    once.close();
  }, 60_000);
});
