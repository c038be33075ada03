import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { LOG_EVENTS } from '../src/kernel/observability/log-events.js';
import { ApiClient } from './harness/api-client.js';
import { Command } from './harness/command.js';
import { makeEndpoint } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { postNotice } from './harness/signed-notice.js';
import { Subscriber } from './harness/subscriber.js';

/** Whoever writes a handler of their own has these; the service itself has none. */
const OF_OTHERS = ['handler.done'];

describe('The log of a running service', () => {
  let world: World;
  let process: Command;
  let db: Client;
  let client: ApiClient;
  let subscriber: Subscriber;
  let copies: string;

  beforeAll(async () => {
    copies = await mkdtemp(join(tmpdir(), 'signalbox-copies-'));
    subscriber = await Subscriber.start();
    const env = { LOG_LEVEL: 'trace', RESULTS_DIR: copies, FETCH_ALLOW_HTTP: 'true' };
    world = await World.create('log-lines', { factor: 0.05, env });
    await migrate(world.database.url);
    db = new Client({ connectionString: world.database.url });
    await db.connect();
    process = Command.start(['serve'], { env: world.env });
    const { url } = await process.logged('serving');
    client = new ApiClient(String(url), await insertKey(db, ['jobs:read', 'jobs:write', 'endpoints:write']));
    await makeEndpoint(client, subscriber.url);
  }, 60_000);

  afterAll(async () => {
    await process?.stop();
    await db?.end();
    await subscriber?.down();
    await world?.end();
    await rm(copies, { recursive: true, force: true });
  });

  const lines = (event: string) => process.log.filter((line) => line.event === event);

  it('has a line for each thing that happens, under the name that the runbook gives it', async () => {
    const { body: told } = await submit();
    // By asking: its notice is lost.
    await world.vendor.fault('lose', { match: { url: 'lost' } });
    const { body: lost } = await submit('?lost');
    const stream = await fetch(new URL('/v1/stream', client.url), {
      headers: { authorization: `Bearer ${await insertKey(db)}` },
    });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    await postNotice(new URL('/webhooks/pyannote', client.url).href, '{}', {
      secret: 'whs_of-somebody-else',
    });
    const wanted = LOG_EVENTS.filter((event) => !OF_OTHERS.includes(event));
    await eventually(
      'all are told',
      () => {
        const missing = wanted.filter((event) => lines(event).length === 0);
        if (missing.length > 0) throw new Error(`not yet: ${missing.join(', ')}`);
        return Promise.resolve(true);
      },
      30_000,
    );
    const known = new Set<unknown>(LOG_EVENTS);
    expect(process.log.filter(({ event }) => event !== undefined && !known.has(event))).toEqual([]);
    await eventually('both are settled', () =>
      Promise.resolve([told, lost].every(({ id }) => changes(id).at(-1)?.endsWith('succeeded'))),
    );
    expect(changes(told.id)).toEqual(['queued → submitting', 'submitting → running', 'running → succeeded']);
    expect(lines('job.changed').find((line) => line.jobId === lost.id && line.to === 'succeeded')?.by).toBe('check');
  }, 60_000);

  it('has the same id on the line of a notice that came in, and of the work on it', () => {
    const [received] = lines('delivery.received');
    expect(received).toMatchObject({ source: 'pyannote', deliveryId: expect.any(String) as string, status: 200 });
    const processed = lines('delivery.processed').map((line) => line.deliveryId);
    expect(processed).toContain(received?.deliveryId);
    expect(lines('delivery.refused')[0]).toMatchObject({ status: 401, problem: 'signature_refused' });
  });

  const submit = (more = '') => client.post<JobAnswer>('/v1/diarizations', { url: `${world.vendor.audio}${more}` });
  const changes = (id: string) =>
    lines('job.changed').flatMap((line) => (line.jobId === id ? [`${String(line.from)} → ${String(line.to)}`] : []));
});
