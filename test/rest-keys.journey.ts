import { Client } from 'pg';
import type { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { KeysService } from '../src/kernel/teams/keys.service.js';
import type { NewKey } from '../src/kernel/teams/keys.service.js';
import { SCOPES } from '../src/kernel/teams/scopes.js';
import type { Scope } from '../src/kernel/teams/scopes.js';

interface Refusal {
  code: string;
  detail: string;
  requestId: string;
}

const NOBODY = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';

describe('Keys', () => {
  let world: World;
  let keys: KeysService;

  beforeAll(async () => {
    world = await (await World.create('rest-keys')).start();
    keys = world.app.get(KeysService);
    await world.team('ours');
    await world.team('theirs');
  });

  afterAll(() => world.end());

  const make = (wish: Partial<NewKey> = {}) => keys.create({ name: 'test', actor: 'test', ...wish });
  const clientOf = async (team: string, scopes: Scope[] = ['jobs:read', 'jobs:write']): Promise<ApiClient> =>
    world.client.withKey(await world.key(scopes, team));

  function get(path: string, authorization?: string) {
    return fetch(new URL(path, world.url), { headers: authorization === undefined ? {} : { authorization } });
  }

  describe('that do not open anything', () => {
    async function expectShut(authorization: string | undefined): Promise<void> {
      for (const path of ['/v1/jobs', `/v1/jobs/${NOBODY}`, '/v1/deliveries', '/v1/refusals']) {
        const response = await get(path, authorization);
        const body = (await response.json()) as Refusal;
        expect({ path, status: response.status, code: body.code }).toEqual({ path, status: 401, code: 'unauthorized' });
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
        expect(body.requestId).toBe(response.headers.get('x-request-id'));
        if (authorization && authorization.length > 8)
          expect(JSON.stringify(body)).not.toContain(authorization.slice(7));
      }
    }

    it.each([
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Bearer sbx_',
      `Bearer sbx_${'A'.repeat(43)}`,
      `Bearer ${'x'.repeat(8_000)}`,
      'Bearer two words',
      'Basic c2J4Og==',
      'sbx_without_bearer',
      "Bearer ' or 1=1 --",
    ])('are the missing and the unknown: %s', (authorization) => expectShut(authorization));

    it('are the revoked, from the moment on', async () => {
      const { key, view } = await make();
      expect((await get('/v1/jobs', `Bearer ${key}`)).status).toBe(200);
      expect(await keys.revoke(view.id, 'test')).toBe(true);
      await expectShut(`Bearer ${key}`);
      expect(await keys.revoke(view.id, 'test')).toBe(false);
    });

    it('are the expired, from the moment on', async () => {
      const { key, view } = await make({ expiresAt: new Date(Date.now() + 60_000) });
      expect((await get('/v1/jobs', `Bearer ${key}`)).status).toBe(200);
      await world.db.execute(`update api_keys set expires_at = now() where id = $1`, [view.id]);
      await expectShut(`Bearer ${key}`);
    });

    it('are those that differ in a single letter, or in its case', async () => {
      const { key } = await make();
      const last = key.at(-1) ?? '';
      await expectShut(`Bearer ${key.slice(0, -1)}${last === 'A' ? 'B' : 'A'}`);
      await expectShut(`Bearer ${key}x`);
      await expectShut(`Bearer ${key.toUpperCase()}`);
    });

    it('say so before anything of the request is looked at', async () => {
      const answer = await fetch(new URL('/v1/diarizations', world.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url: 'file:///etc/passwd', colour: 'red' }),
      });
      expect(answer.status).toBe(401);
      expect(Object.keys((await answer.json()) as Refusal)).not.toContain('errors');
    });
  });

  it('open with any spelling of the scheme', async () => {
    const { key } = await make();
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      expect((await get('/v1/jobs', `${scheme} ${key}`)).status).toBe(200);
  });

  describe('and their scopes', () => {
    it.each<[string, string, Scope]>([
      ['GET', '/v1/jobs', 'jobs:read'],
      ['GET', `/v1/jobs/${NOBODY}`, 'jobs:read'],
      ['GET', `/v1/jobs/${NOBODY}/events`, 'jobs:read'],
      ['GET', '/v1/deliveries', 'jobs:read'],
      ['GET', `/v1/deliveries/${NOBODY}`, 'jobs:read'],
      ['POST', '/v1/diarizations', 'jobs:write'],
      ['POST', `/v1/jobs/${NOBODY}/cancel`, 'jobs:write'],
      ['POST', `/v1/jobs/${NOBODY}/resolve`, 'operate'],
      ['GET', '/v1/refusals', 'operate'],
    ])('are needed by name: %s %s wants %s', async (method, path, scope) => {
      const body = method === 'POST' ? { body: {} } : {};
      const without = await clientOf(
        'ours',
        SCOPES.filter((other) => other !== scope),
      );
      const refused = await without.ask<Refusal>(path, { method, ...body });
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 403, code: 'missing_scope' });
      expect(refused.body.detail).toContain(scope);
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
      const allowed = await (await clientOf('ours', [scope])).ask<Refusal>(path, { method, ...body });
      expect([200, 400, 404]).toContain(allowed.status);
    });
  });

  describe('and other teams', () => {
    let ours: ApiClient;
    let theirs: ApiClient;
    let job: JobAnswer;
    let delivery: string;

    beforeAll(async () => {
      ours = await clientOf('ours');
      theirs = await clientOf('theirs');
      const made = await ours.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio }, { prefer: 'wait=20' });
      job = made.body;
      expect(job.status).toBe('succeeded');
      delivery = await eventually('its notice is there', async () => {
        const { body } = await ours.get<{ items: { id: string; jobId: string }[] }>('/v1/deliveries');
        return body.items.find((item) => item.jobId === job.id)?.id;
      });
    });

    it('have no such job, event, cancel or delivery', async () => {
      for (const [method, path] of [
        ['GET', `/v1/jobs/${job.id}`],
        ['GET', `/v1/jobs/${job.id}/events`],
        ['POST', `/v1/jobs/${job.id}/cancel`],
        ['GET', `/v1/deliveries/${delivery}`],
      ] as const) {
        const own = await ours.ask<Refusal>(path, { method });
        expect([200, 409]).toContain(own.status);
        const answer = await theirs.ask<Refusal>(path, { method });
        const nobody = await theirs.ask<Refusal>(path.replace(/[0-9a-f-]{36}/, NOBODY), { method });
        expect({ path, status: answer.status, code: answer.body.code }).toEqual({
          path,
          status: 404,
          code: path.includes('deliveries') ? 'delivery_not_found' : 'job_not_found',
        });
        // Nor can it be told from one that is nowhere.
        expect({ ...answer.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' });
      }
    });

    it('do not list them, even when asked for all', async () => {
      for (const query of ['', '?team=own', '?team=all']) {
        const { status, body } = await theirs.get<{ items: JobAnswer[] }>(`/v1/jobs${query}`);
        expect({ status, items: body.items }).toEqual({ status: 200, items: [] });
      }
      for (const query of ['', `?job=${job.id}`])
        expect((await theirs.get<{ items: unknown[] }>(`/v1/deliveries${query}`)).body.items).toEqual([]);
    });

    it('cannot be told apart by waiting, by ETag or by idempotency key either', async () => {
      const start = performance.now();
      expect((await theirs.get(`/v1/jobs/${job.id}`, { prefer: 'wait=20' })).status).toBe(404);
      expect(performance.now() - start).toBeLessThan(2_000);
      expect((await theirs.get(`/v1/jobs/${job.id}`, { 'if-none-match': '*' })).status).toBe(404);
    });

    it.each<Scope>(['operate', 'admin'])(
      'are open to those with the scope %s, and listed when they ask for all',
      async (scope) => {
        const above = await clientOf('theirs', ['jobs:read', scope]);
        expect((await above.get<JobAnswer>(`/v1/jobs/${job.id}`)).body.id).toBe(job.id);
        expect((await above.get(`/v1/jobs/${job.id}/events`)).status).toBe(200);
        expect((await above.get(`/v1/deliveries/${delivery}`)).status).toBe(200);
        expect((await above.get<{ items: JobAnswer[] }>('/v1/jobs')).body.items).toEqual([]);
        const all = (await above.get<{ items: JobAnswer[] }>('/v1/jobs?team=all')).body.items;
        expect(all.map((item) => item.id)).toContain(job.id);
      },
    );
  });

  it('are nowhere in the database, only their hashes', async () => {
    const { key } = await make({ name: 'secret' });
    expect((await get('/v1/jobs', `Bearer ${key}`)).status).toBe(200);
    const client = new Client({ connectionString: world.database.url });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(
        `select quote_ident(relname) as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
      );
      expect(tables.rows.map((table) => table.name)).toEqual(expect.arrayContaining(['api_keys', 'audit_log', 'jobs']));
      for (const { name } of tables.rows) {
        const { rows } = await client.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`);
        // Every key is searched for, beginning and end left out, as text and as bytes.
        for (const part of [key.slice(10), Buffer.from(key.slice(12, -2)).toString('hex')])
          expect(rows.filter(({ row }) => row.includes(part))).toEqual([]);
      }
      const { rows } = await client.query<{ hash: Buffer; prefix: string }>(
        `select hash, prefix from api_keys where name = 'secret'`,
      );
      expect(rows[0]?.hash).toHaveLength(32);
      expect(key.startsWith(rows[0]?.prefix ?? '?')).toBe(true);
      expect(rows[0]?.prefix).toHaveLength(10);
    } finally {
      await client.end();
    }
  });

  it('remember when they were last used, to the minute', async () => {
    const { key, view } = await make();
    const lastUsed = async () => (await keys.get(view.id)).lastUsedAt?.getTime() ?? null;
    expect(await lastUsed()).toBeNull();
    await get('/v1/jobs', `Bearer ${key}`);
    const first = await lastUsed();
    expect(Math.abs(Date.now() - (first ?? 0))).toBeLessThan(30_000);
    await get('/v1/jobs', `Bearer ${key}`);
    expect(await lastUsed()).toBe(first);
    await world.db.execute(`update api_keys set last_used_at = now() - interval '2 minutes' where id = $1`, [view.id]);
    await get('/v1/jobs', `Bearer ${key}`);
    expect(await lastUsed()).toBeGreaterThanOrEqual(first ?? Infinity);
  });

  it('can be revoked by their beginning, if only one begins like that, and it is audited', async () => {
    const { view } = await make({ name: 'by prefix' });
    expect(await keys.revoke(view.prefix.slice(0, 6), 'test')).toBe(false);
    expect(await keys.revoke(view.prefix, 'test')).toBe(true);
    const acts = await world.db.query(`select actor, action from audit_log where subject = $1 order by at`, [
      `key:${view.id}`,
    ]);
    expect(acts).toEqual([
      { actor: 'test', action: 'key.create' },
      { actor: 'test', action: 'key.revoke' },
    ]);
  });

  it('are made for teams that exist only', async () => {
    await expect(make({ team: 'nobody' })).rejects.toThrow('there is no team "nobody"');
  });
});
