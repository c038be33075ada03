import type { NotificationView } from '../src/kernel/notifications/sending/notification.view.js';
import { makeEndpoint } from './harness/endpoint.js';
import type { EndpointAnswer } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

/** A hundred times as fast: 5 s are 50 ms, and 5 min are 3 s. */
const FACTOR = 0.01;

describe('Notifications', () => {
  let world: World;
  let subscriber: Subscriber;
  const others: Subscriber[] = [];

  beforeAll(async () => {
    world = await (await World.create('notifications', { factor: FACTOR })).start();
  });

  beforeEach(async () => {
    subscriber = await Subscriber.start();
    others.push(subscriber);
  });

  afterEach(async () => {
    await world.db.execute(`update endpoints set deleted_at = now()`);
    await world.db.execute(`update notifications set state = 'dropped', due_at = null where state = 'waiting'`);
    for (const one of others.splice(0)) await one.down();
  });

  afterAll(() => world.end());

  const endpoint = (body: Record<string, unknown> = {}, to = subscriber) => makeEndpoint(world.client, to.url, body);

  async function notificationsOf(id: string, query = ''): Promise<NotificationView[]> {
    const path = `/v1/endpoints/${id}/notifications${query}`;
    return (await world.client.get<{ items: NotificationView[] }>(path)).body.items;
  }

  async function notification(id: string): Promise<NotificationView> {
    return (await world.client.get<NotificationView>(`/v1/notifications/${id}`)).body;
  }

  const settled = (id: string, status: string) =>
    eventually(`the notification is ${status}`, async () => {
      const [found] = await notificationsOf(id);
      if (found?.status === status) return notification(found.id);
      throw new Error(JSON.stringify(found));
    });

  it('tell an endpoint of a settled job once, signed so that the receivers’ package verifies it', async () => {
    const { id, secret } = await endpoint();
    const job = await world.diarize({ labels: { meeting: '7' } });
    const [received] = await subscriber.until('its message', ({ length }) => length > 0);
    const done = await settled(id, 'delivered');
    expect(subscriber.received).toHaveLength(1);
    const message = verified(there(received), secret);
    expect(message).toMatchObject({
      type: 'diarization.succeeded',
      data: {
        job: { id: job.id, status: 'succeeded', labels: { meeting: '7' }, links: { self: `/v1/jobs/${job.id}` } },
      },
    });
    expect(message.data.job?.result).toMatchObject({ diarization: expect.any(Array) as unknown });
    expect(there(received).headers['webhook-id']).toBe(done.id);
    expect(done).toMatchObject({
      job: job.id,
      attempts: 1,
      tries: [{ number: 1, status: 200, answer: 'ok', error: null }],
    });
    const [event] = (await world.events(job.id)).filter(({ type }) => type === 'diarization.succeeded');
    expect(message.timestamp).toBe(event?.at);
  });

  it('go to those who subscribed, by type, kind and label, and to nobody else', async () => {
    const [byLabel, byType, byKind] = await Promise.all([1, 2, 3].map(() => Subscriber.start()));
    others.push(there(byLabel), there(byType), there(byKind));
    const all = await endpoint();
    await endpoint({ labels: { meeting: 'other' } }, byLabel);
    await endpoint({ types: ['*.failed', 'batch.finished'] }, byType);
    await endpoint({ kinds: ['voiceprint'] }, byKind);
    const job = await world.diarize({ labels: { meeting: '8' } });
    await settled(all.id, 'delivered');
    const rows = await world.db.query<{ url: string }>(
      'select e.url from notifications n join endpoints e on e.id = n.endpoint_id where n.job_id = $1',
      [job.id],
    );
    expect(rows).toEqual([{ url: subscriber.url }]);
    expect([byLabel, byType, byKind].map((one) => one?.received.length)).toEqual([0, 0, 0]);
  });

  it('wait while the subscriber is down, and come exactly once under one id when it is back', async () => {
    const { id, secret } = await endpoint();
    await subscriber.down();
    const jobs = await Promise.all([1, 2, 3].map(() => world.diarize()));
    for (const job of jobs) await world.until(job.id);
    await eventually(
      'all were tried twice in vain',
      async () => (await notificationsOf(id)).filter(({ attempts }) => attempts >= 2).length === 3,
    );
    await subscriber.up();
    await eventually('all are delivered', async () => (await notificationsOf(id, '?status=delivered')).length === 3);
    expect(subscriber.received.map((one) => verified(one, secret).data.job?.id).sort()).toEqual(
      jobs.map((job) => job.id).sort(),
    );
    expect(new Set(subscriber.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    const [one] = await notificationsOf(id);
    const { tries = [], attempts } = await notification(there(one).id);
    expect(tries.map(({ number }) => number)).toEqual(Array.from({ length: attempts }, (_, i) => i + 1));
    expect(tries[0]).toMatchObject({
      status: null,
      error: expect.stringContaining('no connection') as unknown,
      nextAt: expect.any(String) as unknown,
    });
    expect(tries.at(-1)).toMatchObject({ status: 200, nextAt: null });
    const shown = await world.client.get<EndpointAnswer>(`/v1/endpoints/${id}`);
    expect(shown.body.failures).toBe(0);
  });

  it.each<[string, (one: Subscriber) => void, string]>([
    ['redirects', (one) => one.status(302, { location: 'https://example.com/' }), 'redirects are not followed'],
    ['answers 500', (one) => one.status(500), 'answered 500'],
    ['answers 404', (one) => one.status(404), 'answered 404'],
    [
      'hangs up half-way',
      (one) =>
        (one.behaviour = (_q, r) => void r.writeHead(200, { 'content-length': 10 }).write('ab', () => r.destroy())),
      'closed the connection',
    ],
    ['speaks no HTTP', (one) => (one.behaviour = (q) => void q.socket.end('hello\r\n\r\n')), 'not proper HTTP'],
  ])('are tried again when the subscriber %s', async (_, misbehave, error) => {
    const { id } = await endpoint();
    misbehave(subscriber);
    await world.diarize();
    const seen = await eventually('the first try', async () => {
      const [row] = await notificationsOf(id);
      return row && row.attempts > 0 && row.lastError !== null ? notification(row.id) : null;
    });
    expect(seen.tries?.[0]?.error).toContain(error);
    subscriber.willing();
    expect((await settled(id, 'delivered')).attempts).toBeGreaterThan(1);
  });

  it('are delivered by any 2xx, whatever else the answer says', async () => {
    const { id } = await endpoint();
    subscriber.behaviour = (_request, response) =>
      void response.writeHead(204, { 'x-nonsense': 'ü'.length > 0 ? 'y' : 'n' }).end();
    await world.diarize();
    expect((await settled(id, 'delivered')).tries).toMatchObject([{ status: 204, answer: null }]);
  });

  it('keep the beginning of an answer of a gigabyte, and hang up', async () => {
    const { id } = await endpoint();
    let sent = 0;
    subscriber.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const chunk = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        if (response.destroyed || sent >= 1_073_741_824) return;
        sent += chunk.length;
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    await world.diarize();
    const done = await settled(id, 'delivered');
    expect(done.tries?.[0]?.answer).toBe('x'.repeat(1_000));
    await eventually('the connection is cut', () => Promise.resolve(sent > 0 && sent < 100_000_000));
  });

  it('honour Retry-After, also for what comes later to the same endpoint', async () => {
    const { id } = await endpoint();
    let asked = 0;
    subscriber.behaviour = (_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(429, { 'retry-after': '100' }).end();
      else response.writeHead(200).end();
    };
    await world.diarize();
    await subscriber.until('the first', ({ length }) => length === 1);
    await world.diarize();
    await eventually(
      'both are there',
      async () => (await notificationsOf(id, '?status=delivered')).length === 2,
      60_000,
    );
    const [first, ...later] = subscriber.received.map(({ at }) => at);
    // 100 s are 1 s here.
    for (const at of later) expect(at - there(first)).toBeGreaterThanOrEqual(950);
  });

  it('disable an endpoint that answers 410, and tell the team’s others', async () => {
    const other = await Subscriber.start();
    others.push(other);
    const watcher = await endpoint({ types: ['call.ringing', 'batch.finished'].slice(1) }, other);
    const { id } = await endpoint();
    subscriber.status(410);
    await world.diarize();
    const [told] = await other.until('the news', ({ length }) => length > 0);
    expect(verified(there(told), watcher.secret)).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpoint: { id, reason: expect.stringContaining('410') as unknown } },
    });
    const gone = (await world.client.get<EndpointAnswer>(`/v1/endpoints/${id}`)).body;
    expect(gone).toMatchObject({
      disabledAt: expect.any(String) as unknown,
      disabledReason: expect.stringContaining('410') as unknown,
    });
    expect(subscriber.received).toHaveLength(1);
    const audit = await world.db.query(
      `select action, after from audit_log where subject = $1 and actor = 'signalbox'`,
      [`endpoint:${id}`],
    );
    expect(audit).toEqual([{ action: 'endpoint.disable', after: { disabled: true, failures: 0 } }]);
  });

  it('that failed for good are shown, and come under the same id when asked for again', async () => {
    const { id, secret } = await endpoint();
    subscriber.status(500);
    await world.diarize();
    await subscriber.until('a try', ({ length }) => length > 0);
    await world.db.execute(`update notifications set attempt = 9, due_at = now() where endpoint_id = $1`, [id]);
    const failed = await settled(id, 'failed');
    expect((await notificationsOf(id, '?status=failed')).map((one) => one.id)).toEqual([failed.id]);
    subscriber.willing();
    const before = subscriber.received.length;
    const again = await world.client.post<NotificationView>(`/v1/notifications/${failed.id}/redeliver`);
    expect([again.status, again.body.status]).toEqual([202, 'waiting']);
    const done = await settled(id, 'delivered');
    expect(done.id).toBe(failed.id);
    expect(verified(there(subscriber.received[before]), secret).type).toBe('diarization.succeeded');
  });

  it('of a time are sent again by a plan that is looked at first', async () => {
    const { id } = await endpoint();
    const since = new Date().toISOString();
    for (const job of await Promise.all([1, 2, 3].map(() => world.diarize()))) await world.until(job.id);
    await eventually('all are delivered', async () => (await notificationsOf(id, '?status=delivered')).length === 3);
    const path = `/v1/endpoints/${id}/redeliver`;
    const usual = await world.client.post<{ count: number }>(path, { since });
    expect([usual.status, usual.body.count]).toEqual([200, 0]);
    const plan = await world.client.post<{ count: number; plan: string }>(path, { since, status: ['delivered'] });
    expect(plan.body.count).toBe(3);
    expect(subscriber.received).toHaveLength(3);
    const run = await world.client.post(path, { plan: plan.body.plan });
    expect([run.status, run.body]).toEqual([202, { redelivered: 3 }]);
    await subscriber.until('all six', ({ length }) => length === 6);
    expect(new Set(subscriber.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    expect((await world.client.post(path, { plan: `${plan.body.plan}x` })).status).toBe(400);
    expect((await world.client.post(path, {})).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'since' }],
    });
  });

  it('to fifty endpoints are not held up by one that hangs', async () => {
    const hanging = await Subscriber.start(() => undefined);
    others.push(hanging);
    const paths: string[] = [];
    for (const team of ['red', 'green', 'blue']) {
      await world.team(team);
      const client = world.client.withKey(await world.key(['jobs:write', 'endpoints:write'], team));
      await client.post('/v1/endpoints', { url: hanging.url });
      for (let i = 0; i < 17; i++) {
        const path = `/${team}/${i}`;
        paths.push(path);
        await client.post('/v1/endpoints', { url: subscriber.url.replace('/hook', path) });
      }
      for (let i = 0; i < 3; i++) await client.post('/v1/diarizations', { url: world.vendor.audio });
    }
    await subscriber.until('all messages', ({ length }) => length >= paths.length * 3, 30_000);
    for (const path of paths) expect(subscriber.of(path)).toHaveLength(3);
    const [slowest] = await world.db.query<{ s: number }>(
      `select max(extract(epoch from n.settled_at - n.created_at))::float8 as s
       from notifications n join endpoints e on e.id = n.endpoint_id where n.state = 'delivered' and e.url like $1`,
      [`${subscriber.url.replace('/hook', '')}%`],
    );
    // The hanging one takes the whole of its time-out, 2 s here, and would be waited for many times over.
    expect(hanging.received.length).toBeGreaterThan(0);
    expect(slowest?.s).toBeLessThan(2);
  });
});
