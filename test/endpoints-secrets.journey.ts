import { Webhook } from 'standardwebhooks';
import type { ApiClient } from './harness/api-client.js';
import { makeEndpoint } from './harness/endpoint.js';
import type { EndpointAnswer, SecretAnswer } from './harness/endpoint.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';
import type { Received } from './harness/subscriber.js';

/** A hundred times as fast: an overlap of a day is one of a quarter of an hour. */
const FACTOR = 0.01;

const isSignedBy = (received: Received, secret: string): boolean => {
  try {
    new Webhook(secret).verify(received.body, received.headers);
    return true;
  } catch {
    return false;
  }
};

describe('The secrets of endpoints', () => {
  let world: World;
  let subscriber: Subscriber;
  let client: ApiClient;

  beforeAll(async () => {
    world = await (await World.create('endpoint secrets', { factor: FACTOR })).start();
    subscriber = await Subscriber.start();
    client = world.client;
  });

  afterAll(async () => {
    await subscriber.down();
    await world.end();
  });

  /** The test message that an endpoint gets now. */
  async function tested(endpoint: Pick<EndpointAnswer, 'id' | 'url'>): Promise<Received> {
    const { pathname } = new URL(endpoint.url);
    const before = subscriber.of(pathname).length;
    const { status } = await client.post(`/v1/endpoints/${endpoint.id}/test`);
    expect(status).toBe(202);
    await subscriber.until('the test', () => subscriber.of(pathname).length > before);
    return there(subscriber.of(pathname).at(-1));
  }

  const rotate = (id: string, body?: object) => client.post<SecretAnswer>(`/v1/endpoints/${id}/secret/rotate`, body);

  it('stand in no table and in no answer but the first', async () => {
    const endpoint = await makeEndpoint(client, `${subscriber.url}/dark`);
    const rotated = await rotate(endpoint.id, {});
    const defaults = await client.post<SecretAnswer>('/v1/endpoints/default-secret', {});
    for (const answer of [rotated, defaults]) expect(answer.headers.get('cache-control')).toBe('no-store');
    await tested(endpoint);
    const job = await world.diarize({ notifyUrl: `${subscriber.url}/dark-job` });
    await world.until(job.id);
    await subscriber.until('both', () => subscriber.of('/hook/dark-job').length > 0);

    const secrets = [endpoint.secret, rotated.body.secret, defaults.body.secret];
    // As text, as the bytes of the text, and as the bytes that it stands for.
    const traces = secrets.flatMap((secret) => {
      const text = secret.slice('whsec_'.length);
      return [
        text.slice(2, -4),
        Buffer.from(text.slice(2, -4)).toString('hex'),
        Buffer.from(text, 'base64').toString('hex'),
      ];
    });
    const tables = await world.db.query<{ name: string }>(
      `select quote_ident(relname) as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
    );
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['endpoints', 'notify_secrets', 'audit_log', 'events', 'notification_attempts']),
    );
    for (const { name } of tables) {
      const rows = await world.db.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`);
      for (const trace of traces) expect(rows.filter(({ row }) => row.includes(trace))).toEqual([]);
    }
    for (const path of [
      '/v1/endpoints',
      `/v1/endpoints/${endpoint.id}`,
      '/v1/endpoints/default-secret',
      `/v1/endpoints/${endpoint.id}/notifications`,
      '/v1/notifications',
      `/v1/jobs/${job.id}`,
      `/v1/jobs/${job.id}/events`,
    ]) {
      const { status, body } = await client.get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      for (const trace of traces) expect(JSON.stringify(body)).not.toContain(trace);
    }
    for (const { body } of subscriber.received) for (const trace of traces) expect(body).not.toContain(trace);
  });

  it('sign side by side for the overlap of a rotation, and the new one alone after it', async () => {
    const endpoint = await makeEndpoint(client, `${subscriber.url}/turned`);
    const { status, body } = await rotate(endpoint.id, { overlapSeconds: 30_000 });
    expect(status).toBe(200);
    const during = await tested(endpoint);
    expect(there(during.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect([endpoint.secret, body.secret].map((secret) => isSignedBy(during, secret))).toEqual([true, true]);
    const shown = (await client.get<EndpointAnswer>(`/v1/endpoints/${endpoint.id}`)).body;
    expect(shown.oldSecretUntil).toBe(body.oldSecretUntil);

    const past = JSON.stringify(new Date(Date.now() - 1).toISOString());
    const sql = `update endpoints set secrets = jsonb_set(secrets, '{1,until}', $2::jsonb) where id = $1`;
    await world.db.execute(sql, [endpoint.id, past]);
    const after = await tested(endpoint);
    expect([endpoint.secret, body.secret].map((secret) => isSignedBy(after, secret))).toEqual([false, true]);
    expect((await client.get<EndpointAnswer>(`/v1/endpoints/${endpoint.id}`)).body.oldSecretUntil).toBeNull();
  });

  it('overlap for a day when nobody says otherwise', async () => {
    const endpoint = await makeEndpoint(client, `${subscriber.url}/day`);
    const { body } = await rotate(endpoint.id);
    const ms = Date.parse(body.oldSecretUntil ?? '') - Date.now();
    expect(Math.abs(ms - 24 * 3_600_000 * FACTOR)).toBeLessThan(10_000);
  });

  it('count no more at all after a rotation without overlap', async () => {
    const endpoint = await makeEndpoint(client, `${subscriber.url}/leaked`);
    const once = (await rotate(endpoint.id)).body;
    const twice = (await rotate(endpoint.id, { overlapSeconds: 0 })).body;
    expect(twice.oldSecretUntil).toBeNull();
    const received = await tested(endpoint);
    const all = [endpoint.secret, once.secret, twice.secret];
    expect(all.map((secret) => isSignedBy(received, secret))).toEqual([false, false, true]);
  });

  it.each([-1, 30 * 86_400 + 1, 1.5, 'a day', null])('do not overlap for %p', async (overlapSeconds) => {
    const { id } = await makeEndpoint(client, `${subscriber.url}/never-${String(overlapSeconds)}`);
    const { status, body } = await rotate(id, { overlapSeconds });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('overlapSeconds');
  });

  it('are each kept when several are made at the same time', async () => {
    const endpoint = await makeEndpoint(client, `${subscriber.url}/rush`);
    const made = await Promise.all([1, 2, 3].map(() => rotate(endpoint.id, {})));
    const received = await tested(endpoint);
    const all = [endpoint.secret, ...made.map(({ body }) => body.secret)];
    expect(all.map((secret) => isSignedBy(received, secret))).toEqual([true, true, true, true]);
    const one = await rotate(endpoint.id, {});
    expect(one.status).toBe(200);
    const tooMany = await rotate(endpoint.id, {});
    expect({ status: tooMany.status, code: (tooMany.body as unknown as { code: string }).code }).toEqual({
      status: 409,
      code: 'too_many_secrets',
    });
  });

  it('are audited, each act without what it made', async () => {
    const endpoint = await makeEndpoint(client, `${subscriber.url}/audited`);
    await rotate(endpoint.id, { overlapSeconds: 0 });
    const acts = await world.db.query(`select action, after from audit_log where subject = $1 order by id`, [
      `endpoint:${endpoint.id}`,
    ]);
    expect(acts).toEqual([
      { action: 'endpoint.create', after: expect.objectContaining({ url: endpoint.url }) as object },
      { action: 'endpoint.rotate_secret', after: { oldSecretUntil: null } },
    ]);
  });

  describe('of a team', () => {
    it('are one that is made and then rotated, and shown only then', async () => {
      await world.team('shy');
      const shy = client.withKey(await world.key(['jobs:read', 'endpoints:write'], 'shy'));
      const view = async () => (await shy.get<Record<string, unknown>>('/v1/endpoints/default-secret')).body;
      const make = (body: object) => shy.post<SecretAnswer>('/v1/endpoints/default-secret', body);
      expect(await view()).toEqual({ exists: false, since: null, oldSecretUntil: null });
      const first = (await make({})).body;
      expect(first).toEqual({ secret: expect.stringMatching(/^whsec_/) as string, oldSecretUntil: null });
      expect(await view()).toMatchObject({ exists: true, since: expect.any(String) as string, oldSecretUntil: null });
      const second = (await make({ overlapSeconds: 1_000 })).body;
      expect(second.secret).not.toBe(first.secret);
      expect(await view()).toMatchObject({ exists: true, oldSecretUntil: second.oldSecretUntil });
      const acts = await world.db.query(
        `select action from audit_log a join teams t on a.subject = 'team:' || t.id where t.name = 'shy'`,
      );
      expect(acts).toEqual([{ action: 'team.default_secret' }, { action: 'team.default_secret' }]);
    });

    it('sign what goes to the notifyUrl of a job, the old one beside the new one', async () => {
      const old = (await client.post<SecretAnswer>('/v1/endpoints/default-secret', { overlapSeconds: 0 })).body.secret;
      const fresh = (await client.post<SecretAnswer>('/v1/endpoints/default-secret', {})).body.secret;
      const { id } = await world.diarize({ notifyUrl: `${subscriber.url}/by-team` });
      await subscriber.until('the message', () => subscriber.of('/hook/by-team').length > 0);
      const received = there(subscriber.of('/hook/by-team')[0]);
      expect(verified(received, fresh).data.job?.id).toBe(id);
      expect(verified(received, old).type).toBe('diarization.succeeded');
    });
  });
});
