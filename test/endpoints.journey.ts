import type { NotificationView } from '../src/kernel/notifications/sending/notification.view.js';
import type { ApiClient } from './harness/api-client.js';
import { makeEndpoint } from './harness/endpoint.js';
import type { EndpointAnswer } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

interface Refusal {
  code: string;
  detail: string;
  errors?: { field: string; detail: string }[];
}

const NOBODY = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const FOR_ENDPOINTS = ['jobs:read', 'jobs:write', 'endpoints:write'] as const;

describe('Endpoints', () => {
  let world: World;
  let subscriber: Subscriber;

  beforeAll(async () => {
    world = await (await World.create('endpoints', { factor: 0.01 })).start();
    subscriber = await Subscriber.start();
  });

  afterAll(async () => {
    await subscriber.down();
    await world.end();
  });

  let count = 0;
  /** A team of its own for each test, and a key of it. */
  async function team(): Promise<{ name: string; key: string; client: ApiClient }> {
    const name = `team-${++count}`;
    await world.team(name);
    const key = await world.key([...FOR_ENDPOINTS], name);
    return { name, key, client: world.client.withKey(key) };
  }

  const address = (i: number | string) => `https://app.example.com/hooks/${i}`;
  const get = async (client: ApiClient, id: string) => (await client.get<EndpointAnswer>(`/v1/endpoints/${id}`)).body;
  const list = async (client: ApiClient, query = '') =>
    (await client.get<{ items: EndpointAnswer[]; nextCursor: string | null }>(`/v1/endpoints${query}`)).body;
  const patch = (client: ApiClient, id: string, body: Record<string, unknown>) =>
    client.ask<EndpointAnswer & Refusal>(`/v1/endpoints/${id}`, { method: 'PATCH', body });
  const remove = (client: ApiClient, id: string) => client.ask(`/v1/endpoints/${id}`, { method: 'DELETE' });
  const actsOn = (id: string) =>
    world.db.query<{ action: string; actor: string; before: unknown; after: unknown }>(
      'select action, actor, before, after from audit_log where subject = $1 order by id',
      [`endpoint:${id}`],
    );
  const diarize = async (client: ApiClient) =>
    (await client.post<{ id: string }>('/v1/diarizations', { url: world.vendor.audio }, { prefer: 'wait=20' })).body;
  const notificationsOf = async (client: ApiClient, id: string) =>
    (await client.get<{ items: NotificationView[] }>(`/v1/endpoints/${id}/notifications`)).body.items;

  describe('are made', () => {
    it('with a secret that this one answer shows, and are found where it says', async () => {
      const { client } = await team();
      const made = await client.post<EndpointAnswer>('/v1/endpoints', { url: address(1) });
      expect(made.status).toBe(201);
      expect(made.headers.get('cache-control')).toBe('no-store');
      expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const { secret, ...shown } = made.body;
      expect(secret).toBeDefined();
      expect(shown).toMatchObject({ destination: 'webhook', url: address(1), types: ['*'], kinds: [], labels: {} });
      const location = made.headers.get('location') ?? '';
      expect((await client.get(location)).body).toEqual(shown);
      expect((await list(client)).items).toEqual([shown]);
    });

    it('with what they want to hear', async () => {
      const { client } = await team();
      const wish = {
        types: ['*.failed', 'diarization.succeeded'],
        kinds: ['diarization'],
        labels: { meeting: 'weekly' },
        description: 'the minutes',
      };
      const { id } = await makeEndpoint(client, address(1), wish);
      expect(await get(client, id)).toMatchObject(wish);
    });

    it.each<[string, Record<string, unknown>, string[]]>([
      ['without an address', {}, ['url']],
      ['with an address that is none', { url: 'somewhere' }, ['url']],
      ['with a private address', { url: 'https://10.1.2.3/hook' }, ['url']],
      ['with the address of a cloud’s secrets', { url: 'http://169.254.169.254/latest' }, ['url']],
      ['with an address that the table could not hold', { url: 'https://app.example.com/\0' }, ['url']],
      ['with an unknown destination', { url: address(1), destination: 'pigeon' }, ['destination']],
      [
        'with types that are never announced',
        { url: address(1), types: ['*', 'tea.ready', '**'] },
        ['types[1]', 'types[2]'],
      ],
      ['with no types at all', { url: address(1), types: [] }, ['types']],
      ['with types that are no texts', { url: address(1), types: [7] }, ['types']],
      ['with kinds that do not exist', { url: address(1), kinds: ['diarization', 'tea'] }, ['kinds[1]']],
      ['with labels that are none', { url: address(1), labels: { a: 1 } }, ['labels']],
      ['with a novel for a description', { url: address(1), description: 'x'.repeat(501) }, ['description']],
      ['with a field that nobody knows', { url: address(1), colour: 'red' }, ['colour']],
    ])('not %s', async (_, body, fields) => {
      const { client } = await team();
      const { status, body: refusal } = await client.post<Refusal>('/v1/endpoints', body);
      const named = new Set(refusal.errors?.map(({ field }) => field));
      expect({ status, fields: [...named] }).toEqual({ status: 400, fields });
      expect((await list(client)).items).toEqual([]);
    });

    it('once for each address of a team, and the other one is named', async () => {
      const { client } = await team();
      const { id } = await makeEndpoint(client, address(1));
      const { status, body } = await client.post<Refusal>('/v1/endpoints', { url: address(1) });
      expect({ status, code: body.code, detail: body.detail }).toEqual({
        status: 409,
        code: 'endpoint_exists',
        detail: expect.stringContaining(id) as string,
      });
      await makeEndpoint((await team()).client, address(1));
      await remove(client, id);
      await makeEndpoint(client, address(1));
    });

    it('twenty for a team, however many ask at the same time', async () => {
      const { client } = await team();
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => client.post<Refusal>('/v1/endpoints', { url: address(i) })),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
        refused.map(() => [409, 'too_many_endpoints']),
      );
      const { items } = await list(client);
      expect(items).toHaveLength(20);
      await remove(client, there(items[0]).id);
      await makeEndpoint(client, address('again'));
    });

    it('once, however many ask for the same address at the same time', async () => {
      const { client } = await team();
      const ask = () => client.post<Refusal>('/v1/endpoints', { url: address(1) });
      const statuses = (await Promise.all(Array.from({ length: 8 }, ask))).map(({ status }) => status);
      expect(statuses.sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    });
  });

  it('are listed newest first, page by page', async () => {
    const { client } = await team();
    for (let i = 0; i < 5; i++) await makeEndpoint(client, address(i));
    const first = await list(client, '?limit=3');
    const second = await list(client, `?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ url }) => url)).toEqual([4, 3, 2, 1, 0].map(address));
    expect(second.nextCursor).toBeNull();
    expect((await client.get('/v1/endpoints?cursor=x')).status).toBe(400);
  });

  it('say which events there are, each with a line about it', async () => {
    const { client } = await team();
    const { body } = await client.get<{ items: { type: string; about: string }[] }>('/v1/event-types');
    expect(body.items.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['diarization.succeeded', 'batch.finished', 'endpoint.test']),
    );
    for (const { about } of body.items) expect(about).toMatch(/\w \w/);
  });

  describe('are changed', () => {
    it('in what is said, and in nothing else', async () => {
      const { client } = await team();
      const { id, secret, updatedAt, ...made } = await makeEndpoint(client, address(1), { labels: { a: '1' } });
      const changed = await patch(client, id, { url: address(2), types: ['*.failed'], kinds: ['diarization'] });
      expect(changed.status).toBe(200);
      const now = await get(client, id);
      expect(now).toEqual({
        ...made,
        id,
        url: address(2),
        types: ['*.failed'],
        kinds: ['diarization'],
        updatedAt: now.updatedAt,
      });
      expect(Date.parse(now.updatedAt)).toBeGreaterThan(Date.parse(updatedAt));
      expect(JSON.stringify(changed.body)).not.toContain(secret.slice(6));
      expect((await actsOn(id)).at(-1)).toMatchObject({
        action: 'endpoint.update',
        before: { url: address(1), types: ['*'], kinds: [] },
        after: { url: address(2), types: ['*.failed'], kinds: ['diarization'] },
      });
    });

    it('also into texts that the table could not hold, which are made well-formed', async () => {
      const { client } = await team();
      const odd = { labels: { a: 'nul \0', b: 'half \ud800' }, description: 'nul \0' };
      const { id, ...made } = await makeEndpoint(client, address(1), odd);
      const whole = { labels: { a: 'nul \ufffd', b: 'half \ufffd' }, description: 'nul \ufffd' };
      expect(made).toMatchObject(whole);
      const again = { labels: { ...odd.labels, c: '\0' }, description: '\0' };
      const { status, body } = await patch(client, id, again);
      expect({ status, labels: body.labels, description: body.description }).toEqual({
        status: 200,
        labels: { ...whole.labels, c: '\ufffd' },
        description: '\ufffd',
      });
    });

    it('not into what could not be made either', async () => {
      const { client } = await team();
      await makeEndpoint(client, address(1));
      const { id } = await makeEndpoint(client, address(2));
      expect((await patch(client, id, { url: address(1) })).body.code).toBe('endpoint_exists');
      expect((await patch(client, id, { url: 'https://10.1.1.1/' })).status).toBe(400);
      expect((await patch(client, id, { types: ['tea.ready'] })).status).toBe(400);
      expect((await patch(client, id, { destination: 'webhook' })).status).toBe(400);
      expect((await patch(client, id, { secret: 'whsec_x' })).status).toBe(400);
      expect((await patch(client, id, { url: address(2), description: 'the same address' })).status).toBe(200);
    });

    it('and nothing is written where nothing is said', async () => {
      const { client } = await team();
      const { id, secret: _, ...made } = await makeEndpoint(client, address(1), { labels: { b: '2', a: '1' } });
      expect((await patch(client, id, {})).body).toEqual({ id, ...made });
      const same = { url: address(1), labels: { b: '2', a: '1' }, disabled: false };
      expect((await patch(client, id, same)).body).toEqual({ id, ...made });
      expect((await actsOn(id)).map(({ action }) => action)).toEqual(['endpoint.create']);
    });
  });

  describe('are tested', () => {
    it('by a signed event that goes to this one alone, whatever it subscribes to', async () => {
      const { client } = await team();
      await makeEndpoint(client, `${subscriber.url}/other`);
      const { id, secret } = await makeEndpoint(client, `${subscriber.url}/tested`, { types: ['*.failed'] });
      const { status, body } = await client.post<{ notification: string }>(`/v1/endpoints/${id}/test`);
      expect(status).toBe(202);
      await subscriber.until('the test', () => subscriber.of('/hook/tested').length > 0);
      const received = there(subscriber.of('/hook/tested')[0]);
      expect(received.headers['webhook-id']).toBe(body.notification);
      expect(verified(received, secret)).toMatchObject({
        type: 'endpoint.test',
        data: { endpoint: { id, url: `${subscriber.url}/tested`, types: ['*.failed'] } },
      });
      expect(received.body).not.toContain(secret.slice(6));
      const last = (await actsOn(id)).at(-1);
      expect(last).toMatchObject({ action: 'endpoint.test', after: { notification: body.notification } });
      await eventually('it is delivered', async () => (await get(client, id)).succeededAt !== null);
      expect(subscriber.of('/hook/other')).toEqual([]);
    });

    it('not while they are disabled', async () => {
      const { client } = await team();
      const { id } = await makeEndpoint(client, address(1));
      await patch(client, id, { disabled: true });
      const { status, body } = await client.post<Refusal>(`/v1/endpoints/${id}/test`);
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'endpoint_disabled' });
      expect(await notificationsOf(client, id)).toEqual([]);
    });
  });

  describe('are disabled', () => {
    it('by hand: what comes meanwhile waits, and is sent once they are enabled again', async () => {
      const { client } = await team();
      const { id, secret } = await makeEndpoint(client, `${subscriber.url}/asleep`);
      const asleep = (await patch(client, id, { disabled: true })).body;
      expect(asleep).toMatchObject({ disabledReason: 'by hand', disabledAt: expect.any(String) as string });
      await world.db.execute(`update endpoints set failures = 7, failing_since = now() where id = $1`, [id]);
      const job = await diarize(client);
      expect((await get(client, id)).waiting).toBe(1);
      await world.db.execute(`update notifications set due_at = now() + interval '3 hours' where endpoint_id = $1`, [
        id,
      ]);
      expect(subscriber.of('/hook/asleep')).toEqual([]);

      const awake = (await patch(client, id, { disabled: false })).body;
      expect(awake).toMatchObject({ disabledAt: null, disabledReason: null, failures: 0, failingSince: null });
      await subscriber.until('what waited', () => subscriber.of('/hook/asleep').length > 0);
      const message = verified(there(subscriber.of('/hook/asleep')[0]), secret);
      expect(message.data.job?.id).toBe(job.id);
      await eventually('nothing waits any more', async () => (await get(client, id)).waiting === 0);
      expect((await actsOn(id)).map(({ action }) => action)).toEqual([
        'endpoint.create',
        'endpoint.disable',
        'endpoint.enable',
      ]);
    });

    it('for five days at most: then what waited that long is dropped, and what came later is not', async () => {
      const { key, client: before } = await team();
      const lasting = await makeEndpoint(before, address(1));
      const fresh = await makeEndpoint(before, address(2));
      for (const { id } of [lasting, fresh]) await patch(before, id, { disabled: true });
      for (let i = 0; i < 2; i++) await diarize(before);
      const [second, first] = await notificationsOf(before, lasting.id);
      const agoBy = async (table: string, column: string, id: string, seconds: number) => {
        const sql = `update ${table} set ${column} = now() - $2 * interval '1 second' where id = $1`;
        await world.db.execute(sql, [id, seconds]);
      };
      const fiveDays = 5 * 24 * 3_600 * 0.01;
      await agoBy('endpoints', 'disabled_at', lasting.id, fiveDays + 120);
      await agoBy('notifications', 'created_at', there(first).id, fiveDays + 60);
      // A start sweeps at once; later starts of the hourly sweep are not worth waiting for.
      await world.stop();
      await world.start();
      const client = world.client.withKey(key);
      const dropped = await eventually('the old one is dropped', async () =>
        (await notificationsOf(client, lasting.id)).find(({ status }) => status === 'dropped'),
      );
      expect(dropped).toMatchObject({ id: there(first).id, lastError: expect.stringContaining('disabled') as string });
      const waiting = async (id: string) =>
        (await notificationsOf(client, id)).filter(({ status }) => status === 'waiting').map((one) => one.id);
      expect(await waiting(lasting.id)).toEqual([there(second).id]);
      expect(await waiting(fresh.id)).toHaveLength(2);
      expect((await get(client, lasting.id)).waiting).toBe(1);
    });
  });

  describe('are deleted', () => {
    it('once, and what waits for them is dropped', async () => {
      const { client } = await team();
      const { id } = await makeEndpoint(client, address(1));
      await patch(client, id, { disabled: true });
      await diarize(client);
      expect((await remove(client, id)).status).toBe(204);
      expect((await remove(client, id)).status).toBe(404);
      expect((await client.get(`/v1/endpoints/${id}`)).status).toBe(404);
      expect((await list(client)).items).toEqual([]);
      const left = await world.db.query('select deleted_at is not null as gone, secrets from endpoints where id = $1', [
        id,
      ]);
      expect(left).toEqual([{ gone: true, secrets: [] }]);
      expect(await notificationsOf(client, id)).toMatchObject([
        { status: 'dropped', nextAttemptAt: null, lastError: 'its endpoint was deleted' },
      ]);
      await diarize(client);
      expect(await notificationsOf(client, id)).toHaveLength(1);
      expect((await actsOn(id)).at(-1)).toMatchObject({ action: 'endpoint.delete', before: { url: address(1) } });
    });

    it('and so is what was just being written then, by the sweep', async () => {
      const { key, client: before } = await team();
      const { id } = await makeEndpoint(before, address(1));
      await patch(before, id, { disabled: true });
      await diarize(before);
      await remove(before, id);
      const sql = `update notifications set state = 'waiting', due_at = now(), settled_at = null where endpoint_id = $1`;
      expect(await world.db.execute(sql, [id])).toBe(1);
      await world.stop();
      await world.start();
      const client = world.client.withKey(key);
      await eventually('it is dropped', async () => (await notificationsOf(client, id))[0]?.status === 'dropped');
    });

    it('once, however many ask at the same time', async () => {
      const { client } = await team();
      const { id } = await makeEndpoint(client, address(1));
      const statuses = (await Promise.all(Array.from({ length: 6 }, () => remove(client, id)))).map(
        ({ status }) => status,
      );
      expect(statuses.sort()).toEqual([204, 404, 404, 404, 404, 404]);
      expect((await actsOn(id)).filter(({ action }) => action === 'endpoint.delete')).toHaveLength(1);
    });
  });

  describe('of another team', () => {
    it.each<[string, string, object | undefined]>([
      ['GET', '', undefined],
      ['PATCH', '', { description: 'mine now' }],
      ['POST', '/test', undefined],
      ['POST', '/secret/rotate', {}],
      ['DELETE', '', undefined],
    ])('are not there: %s %s', async (method, path, body) => {
      const { client: theirs } = await team();
      const { client: ours } = await team();
      const made = await makeEndpoint(theirs, address(1));
      const ask = (id: string) => ours.ask<Refusal>(`/v1/endpoints/${id}${path}`, { method, body });
      const [answer, nobody] = [await ask(made.id), await ask(NOBODY)];
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 404, code: 'endpoint_not_found' });
      expect({ ...answer.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' });
      expect((await ask('nonsense')).status).toBe(404);
      expect((await list(ours, '?team=all')).items).toEqual([]);
      const { secret: _, ...shown } = made;
      expect(await get(theirs, made.id)).toEqual(shown);
    });

    it('are there for operators, but not their secrets', async () => {
      const { client: theirs } = await team();
      const { id } = await makeEndpoint(theirs, address(1));
      const above = world.client;
      expect((await list(above)).items.map((item) => item.id)).not.toContain(id);
      expect((await list(above, '?team=all&limit=100')).items.map((item) => item.id)).toContain(id);
      expect((await patch(above, id, { disabled: true })).body.disabledReason).toBe('by hand');
      const { status, body } = await above.post<Refusal>(`/v1/endpoints/${id}/secret/rotate`, {});
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'other_teams_secret' });
      expect((await actsOn(id)).map(({ action }) => action)).toEqual(['endpoint.create', 'endpoint.disable']);
    });
  });

  it('are changed only with the scope for it', async () => {
    const { name, client } = await team();
    const { id } = await makeEndpoint(client, address(1));
    const reader = world.client.withKey(await world.key(['jobs:read'], name));
    expect((await reader.get(`/v1/endpoints/${id}`)).status).toBe(200);
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', `/${id}`],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/test`],
      ['POST', `/${id}/secret/rotate`],
      ['POST', '/default-secret'],
    ] as const) {
      const { status } = await reader.ask(`/v1/endpoints${path}`, { method, ...(path === '' ? { body: {} } : {}) });
      expect({ method, path, status }).toEqual({ method, path, status: 403 });
    }
    const writer = world.client.withKey(await world.key(['endpoints:write'], name));
    expect((await writer.get('/v1/endpoints')).status).toBe(403);
  });
});
