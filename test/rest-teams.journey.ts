import type { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { KeyActs } from '../src/kernel/teams/key-acts.js';
import { SCOPES } from '../src/kernel/teams/scopes.js';
import type { Scope } from '../src/kernel/teams/scopes.js';

interface Refusal {
  code: string;
  detail: string;
  errors?: { field: string; detail: string }[];
}

interface TeamAnswer {
  id: string;
  name: string;
  createdAt: string;
  keys: number;
  limits: Record<string, number | null>;
  used: Record<string, number>;
}

interface KeyAnswer {
  id: string;
  name: string;
  team: string;
  prefix: string;
  scopes: Scope[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  key?: string;
}

type Page<T> = { items: T[]; nextCursor: string | null };

const NOBODY = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const NO_LIMITS = { openJobs: null, jobsPerDay: null, uploadBytes: null, monthlyBudget: null };
const HOUR = 3_600_000;

describe('Teams and keys over REST', () => {
  let world: World;
  let admin: ApiClient;

  beforeAll(async () => {
    world = await (await World.create('rest-teams')).start();
    admin = world.client;
  });

  afterAll(() => world.end());

  async function makeTeam(name: string): Promise<TeamAnswer> {
    const { status, body } = await admin.post<TeamAnswer>('/v1/teams', { name });
    expect(status).toBe(201);
    return body;
  }

  async function makeKey(wish: Record<string, unknown> = {}): Promise<KeyAnswer & { key: string }> {
    const made = await admin.post<KeyAnswer>('/v1/keys', { team: 'default', name: 'test', ...wish });
    expect({ status: made.status, body: made.body }).toMatchObject({
      status: 201,
      body: { id: expect.any(String) as string },
    });
    return { ...made.body, key: made.body.key ?? '' };
  }

  const rotate = (id: string, body?: unknown) => admin.post<KeyAnswer & Refusal>(`/v1/keys/${id}/rotate`, body);
  const remove = (id: string, client = admin) => client.ask<Refusal>(`/v1/keys/${id}`, { method: 'DELETE' });
  const opens = async (key: string) => (await admin.withKey(key).get('/v1/jobs')).status === 200;

  describe('are for administrators', () => {
    it.each<[string, string]>([
      ['GET', '/v1/teams'],
      ['POST', '/v1/teams'],
      ['GET', `/v1/teams/${NOBODY}`],
      ['PATCH', `/v1/teams/${NOBODY}`],
      ['GET', '/v1/keys'],
      ['POST', '/v1/keys'],
      ['GET', `/v1/keys/${NOBODY}`],
      ['DELETE', `/v1/keys/${NOBODY}`],
      ['POST', `/v1/keys/${NOBODY}/rotate`],
      ['GET', '/v1/audit'],
    ])('%s %s', async (method, path) => {
      const others = SCOPES.filter((scope) => scope !== 'admin');
      const without = admin.withKey(await world.key(others));
      const body = method === 'POST' || method === 'PATCH' ? { body: {} } : {};
      const refused = await without.ask<Refusal>(path, { method, ...body });
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 403, code: 'missing_scope' });
      const allowed = admin.withKey(await world.key(['admin']));
      expect([200, 400, 404]).toContain((await allowed.ask(path, { method, ...body })).status);
    });

    it.each(['x', '..', NOBODY, `${NOBODY}x`, "' or 1=1 --"])('know no team and no key %s', async (id) => {
      const at = encodeURIComponent(id);
      const answers = [
        await admin.get<Refusal>(`/v1/teams/${at}x`),
        await admin.ask<Refusal>(`/v1/teams/${at}x`, { method: 'PATCH', body: { limits: {} } }),
        await admin.get<Refusal>(`/v1/keys/${at}x`),
        await remove(`${at}x`),
        await rotate(`${at}x`),
      ];
      expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
        ...Array<string>(2).fill('404 team_not_found'),
        ...Array<string>(3).fill('404 key_not_found'),
      ]);
      expect((await admin.get(`/v1/keys/${NOBODY}`)).status).toBe(404);
      expect((await admin.get(`/v1/teams/${NOBODY}`)).status).toBe(404);
    });
  });

  describe('a team', () => {
    it('is made once, without keys and limits, and found again', async () => {
      const made = await admin.post<TeamAnswer>('/v1/teams', { name: 'radio' });
      expect(made.status).toBe(201);
      const { id } = made.body;
      expect(made.headers.get('location')).toBe(`/v1/teams/${id}`);
      const none = { openJobs: 0, jobsPerDay: 0, uploadBytes: 0, monthlyBudget: 0 };
      expect(made.body).toEqual({
        id,
        name: 'radio',
        createdAt: expect.any(String) as string,
        keys: 0,
        limits: NO_LIMITS,
        used: none,
      });
      expect((await admin.get(`/v1/teams/${id}`)).body).toEqual(made.body);
      const again = await admin.post<Refusal>('/v1/teams', { name: 'radio' });
      expect({ status: again.status, code: again.body.code }).toEqual({ status: 409, code: 'team_exists' });
    });

    it.each([{}, { name: 'Radio' }, { name: 'all' }, { name: 7 }, { name: 'a'.repeat(41) }])(
      'is not made of %j',
      async (body) => {
        const { status, body: refusal } = await admin.post<Refusal>('/v1/teams', body);
        expect({ status, field: refusal.errors?.[0]?.field }).toEqual({ status: 400, field: 'name' });
      },
    );

    it('is in the list of all, by name, page by page', async () => {
      for (const name of ['zebra', 'alpha', 'middle']) await makeTeam(name);
      const names: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await admin.get<Page<TeamAnswer>>(`/v1/teams?limit=2${more}`);
        expect(body.items.length).toBeLessThanOrEqual(2);
        expect(body.items.every((team) => !('used' in team))).toBe(true);
        names.push(...body.items.map(({ name }) => name));
        cursor = body.nextCursor;
      }
      expect(names).toEqual([...names].sort());
      expect(names).toEqual(expect.arrayContaining(['alpha', 'default', 'middle', 'zebra']));
      expect((await admin.get<Refusal>('/v1/teams?cursor=nonsense')).body.errors?.[0]?.field).toBe('cursor');
    });

    it('keeps the limits that a change does not name', async () => {
      const { id } = await makeTeam('careful');
      const change = (limits: unknown) =>
        admin.ask<TeamAnswer & Refusal>(`/v1/teams/${id}`, { method: 'PATCH', body: { limits } });
      expect((await change({ openJobs: 5, monthlyBudget: 99.5 })).body.limits).toEqual({
        ...NO_LIMITS,
        openJobs: 5,
        monthlyBudget: 99.5,
      });
      const bytes = 10 * 2 ** 40;
      expect((await change({ uploadBytes: bytes, openJobs: null, jobsPerDay: 0 })).body.limits).toEqual({
        openJobs: null,
        jobsPerDay: 0,
        uploadBytes: bytes,
        monthlyBudget: 99.5,
      });
      expect((await change({})).body.limits.uploadBytes).toBe(bytes);
      expect(
        (await admin.get<Page<TeamAnswer>>('/v1/teams')).body.items.find((team) => team.id === id)?.limits,
      ).toEqual((await admin.get<TeamAnswer>(`/v1/teams/${id}`)).body.limits);
      await change({ uploadBytes: null, jobsPerDay: null, monthlyBudget: null });
      expect(await world.db.query('select 1 from team_limits where team_id = $1', [id])).toEqual([]);
      expect((await admin.get<TeamAnswer>(`/v1/teams/${id}`)).body.limits).toEqual(NO_LIMITS);
    });

    it.each([
      ['openJobs', -1],
      ['openJobs', 1.5],
      ['openJobs', '5'],
      ['jobsPerDay', 2 ** 31],
      ['uploadBytes', 2 ** 53],
      ['monthlyBudget', 0.001],
      ['monthlyBudget', -5],
      ['monthlyBudget', 1e10],
      ['colour', 1],
    ])('has no limit %s of %j', async (name, value) => {
      const { id } = (await admin.get<Page<TeamAnswer>>('/v1/teams')).body.items[0] ?? { id: '' };
      const answer = await admin.ask<Refusal>(`/v1/teams/${id}`, {
        method: 'PATCH',
        body: { limits: { [name]: value } },
      });
      expect({ status: answer.status, field: answer.body.errors?.[0]?.field }).toEqual({
        status: 400,
        field: `limits.${name}`,
      });
    });

    it.each([{}, { limits: null }, { limits: 5 }, { limits: [] }, { name: 'other', limits: {} }])(
      'is not changed by %j',
      async (body) => {
        const { id } = (await admin.get<Page<TeamAnswer>>('/v1/teams')).body.items[0] ?? { id: '' };
        expect((await admin.ask(`/v1/teams/${id}`, { method: 'PATCH', body })).status).toBe(400);
      },
    );
  });

  describe('a key', () => {
    it('is shown once, to nobody who keeps answers, and works', async () => {
      await makeTeam('studio');
      const expiresAt = new Date(Date.now() + HOUR).toISOString();
      const made = await admin.post<KeyAnswer>('/v1/keys', {
        team: 'studio',
        name: 'mixer',
        scopes: ['jobs:read'],
        expiresAt,
      });
      expect(made.status).toBe(201);
      expect(made.headers.get('cache-control')).toBe('no-store');
      expect(made.headers.get('location')).toBe(`/v1/keys/${made.body.id}`);
      const { key = '', ...view } = made.body;
      expect(key).toMatch(/^sbx_[\w-]{43}$/);
      expect(view).toEqual({
        id: view.id,
        name: 'mixer',
        team: 'studio',
        prefix: key.slice(0, 10),
        scopes: ['jobs:read'],
        createdAt: expect.any(String) as string,
        expiresAt,
        lastUsedAt: null,
        revokedAt: null,
      });
      expect(await opens(key)).toBe(true);
      const shown = await admin.get<KeyAnswer>(`/v1/keys/${view.id}`);
      expect(shown.body).toEqual({ ...view, lastUsedAt: expect.any(String) as string });
      const list = await admin.get<Page<KeyAnswer>>('/v1/keys?team=studio');
      expect(list.body).toEqual({ items: [shown.body], nextCursor: null });
      for (const answer of [shown, list]) expect(JSON.stringify(answer.body)).not.toContain(key.slice(10));
    });

    it('is for a team by its name or its id, and has the usual scopes unless told otherwise', async () => {
      const { id } = await makeTeam('by-id');
      const usual = ['jobs:read', 'jobs:write', 'files:write', 'endpoints:write'];
      expect(await makeKey({ team: id })).toMatchObject({ team: 'by-id', scopes: usual, expiresAt: null });
      expect(await makeKey({ team: 'by-id', expiresAt: null, scopes: [...SCOPES] })).toMatchObject({ scopes: SCOPES });
      const { items } = (await admin.get<Page<KeyAnswer>>(`/v1/keys?team=${id}&limit=1`)).body;
      expect(items.map(({ scopes }) => scopes)).toEqual([[...SCOPES]]);
      expect((await admin.get<TeamAnswer>(`/v1/teams/${id}`)).body.keys).toBe(2);
    });

    it.each([
      ['team', { team: 7 }],
      ['name', { name: '' }],
      ['name', { name: '   ' }],
      ['name', { name: 'a\nb' }],
      ['name', { name: 'x'.repeat(101) }],
      ['scopes', { scopes: [] }],
      ['scopes', { scopes: ['jobs:eat'] }],
      ['scopes', { scopes: 'jobs:read' }],
      ['scopes', { scopes: ['admin', 'admin'] }],
      ['expiresAt', { expiresAt: '2020-01-01' }],
      ['expiresAt', { expiresAt: 'soon' }],
      ['expiresAt', { expiresAt: 5 }],
      ['expiresAt', { expiresAt: '2026-02-30T10:00' }],
      ['key', { key: 'sbx_mine' }],
    ])('is refused where its %s is wrong: %j', async (field, wish) => {
      const { status, body } = await admin.post<Refusal>('/v1/keys', { team: 'default', name: 'n', ...wish });
      expect({ status, fields: body.errors?.map((error) => error.field) }).toEqual({
        status: 400,
        fields: expect.arrayContaining([field]) as string[],
      });
    });

    it('is not made for, nor looked for in, a team that is not there', async () => {
      const made = await admin.post<Refusal>('/v1/keys', { team: 'nobody', name: 'n' });
      expect({ status: made.status, code: made.body.code }).toEqual({ status: 404, code: 'team_not_found' });
      expect(made.body.detail).toContain('POST /v1/teams makes one');
      expect((await admin.get<Refusal>('/v1/keys?team=nobody')).body.code).toBe('team_not_found');
    });

    it('is ended at once and for good', async () => {
      const { id, key } = await makeKey();
      expect(await opens(key)).toBe(true);
      expect((await remove(id)).status).toBe(204);
      expect(await opens(key)).toBe(false);
      const first = (await admin.get<KeyAnswer>(`/v1/keys/${id}`)).body.revokedAt;
      expect(first).not.toBeNull();
      expect((await remove(id)).status).toBe(204);
      expect((await admin.get<KeyAnswer>(`/v1/keys/${id}`)).body.revokedAt).toBe(first);
    });

    it('may be asked whose it is, whatever it may do', async () => {
      const { key, ...made } = await makeKey({ team: 'studio', scopes: ['endpoints:write'] });
      const { status, body } = await admin
        .withKey(key)
        .get<{ team: { id: string; name: string }; key: KeyAnswer }>('/v1/caller');
      expect(status).toBe(200);
      expect(body).toEqual({
        team: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, name: 'studio' },
        key: { ...made, lastUsedAt: expect.any(String) as string },
      });
      expect((await admin.withKey('sbx_wrong').get('/v1/caller')).status).toBe(401);
    });
  });

  describe('a key that is rotated', () => {
    it('and its successor are both good for the overlap, then the successor alone', async () => {
      const old = await makeKey({ team: 'studio', name: 'desk', scopes: ['jobs:read', 'files:write'] });
      const answer = await rotate(old.id, { overlap: 3 });
      expect({ status: answer.status, cache: answer.headers.get('cache-control') }).toEqual({
        status: 201,
        cache: 'no-store',
      });
      const { key = '', ...made } = answer.body;
      expect(answer.headers.get('location')).toBe(`/v1/keys/${made.id}`);
      expect(made).toMatchObject({
        name: 'desk',
        team: 'studio',
        scopes: ['jobs:read', 'files:write'],
        expiresAt: null,
        prefix: key.slice(0, 10),
      });
      expect(made.id).not.toBe(old.id);
      expect([await opens(old.key), await opens(key)]).toEqual([true, true]);
      await eventually('the old key is over', async () => !(await opens(old.key)));
      const { expiresAt } = (await admin.get<KeyAnswer>(`/v1/keys/${old.id}`)).body;
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt ?? ''));
      expect(await opens(key)).toBe(true);
    });

    it('is good for a day more where nobody says otherwise', async () => {
      const old = await makeKey();
      const at = Date.now();
      expect((await rotate(old.id)).status).toBe(201);
      const { expiresAt } = (await admin.get<KeyAnswer>(`/v1/keys/${old.id}`)).body;
      expect(Math.abs(Date.parse(expiresAt ?? '') - at - 24 * HOUR)).toBeLessThan(30_000);
      // A word that says nothing does not make it last.
      await rotate(old.id, { overlap: null });
      expect((await admin.get<KeyAnswer>(`/v1/keys/${old.id}`)).body.expiresAt).toBe(expiresAt);
    });

    it('is over at once without an overlap', async () => {
      const old = await makeKey();
      const { body } = await rotate(old.id, { overlap: 0 });
      expect([await opens(old.key), await opens(body.key ?? '')]).toEqual([false, true]);
    });

    it('is never good for longer than it was, and gives its end to its successor unless that gets its own', async () => {
      const end = new Date(Date.now() + HOUR).toISOString();
      const old = await makeKey({ expiresAt: end });
      const first = await rotate(old.id, { overlap: 86_400 });
      expect(first.body.expiresAt).toBe(end);
      expect((await admin.get<KeyAnswer>(`/v1/keys/${old.id}`)).body.expiresAt).toBe(end);
      const later = new Date(Date.now() + 100 * HOUR).toISOString();
      expect((await rotate(old.id, { expiresAt: later })).body.expiresAt).toBe(later);
      expect((await rotate(old.id, { expiresAt: null })).body.expiresAt).toBeNull();
    });

    it('is refused when it is over already', async () => {
      const revoked = await makeKey();
      await remove(revoked.id);
      const expired = await makeKey({ expiresAt: new Date(Date.now() + HOUR).toISOString() });
      await world.db.execute('update api_keys set expires_at = now() where id = $1', [expired.id]);
      for (const [{ id }, why] of [
        [revoked, 'was revoked'],
        [expired, 'expired'],
      ] as const) {
        const { status, body } = await rotate(id);
        expect({ status, code: body.code }).toEqual({ status: 409, code: 'key_not_valid' });
        expect(body.detail).toContain(`this key ${why} at 20`);
      }
    });

    it.each([
      { overlap: -1 },
      { overlap: 2_592_001 },
      { overlap: 1.5 },
      { overlap: '60' },
      { expiresAt: '2020-01-01' },
      { scopes: ['admin'] },
    ])('is refused with %j', async (body) => {
      const { id } = await makeKey();
      expect((await rotate(id, body)).status).toBe(400);
    });
  });

  describe('the last key of an administrator', () => {
    let last: string;

    beforeAll(async () => {
      last = (await admin.get<{ key: KeyAnswer }>('/v1/caller')).body.key.id;
      // Those of the tests before; and one that is over, which does not count.
      await world.db.execute(`update api_keys set revoked_at = now() where id <> $1 and 'admin' = any(scopes)`, [last]);
      const { id } = await makeKey({ scopes: ['admin'] });
      await world.db.execute('update api_keys set expires_at = now() where id = $1', [id]);
    });

    it('cannot be ended over REST, and the way to do it is named', async () => {
      for (const { status, body } of [await remove(last), await rotate(last, { overlap: 0 })]) {
        expect({ status, code: body.code }).toEqual({ status: 409, code: 'last_admin_key' });
        expect(body.detail).toContain(`signalbox keys revoke ${last}`);
      }
      expect((await admin.get('/v1/keys')).status).toBe(200);
    });

    it('can be rotated with an overlap', async () => {
      const { status, body } = await rotate(last, { overlap: 3_600 });
      expect(status).toBe(201);
      expect((await admin.withKey(body.key ?? '').get('/v1/keys')).status).toBe(200);
      expect((await remove(body.id)).status).toBe(204);
    });

    it('is left over when two end each other at the same moment', async () => {
      for (let round = 0; round < 5; round++) {
        const other = await makeKey({ scopes: ['admin'] });
        const both = await Promise.all([remove(other.id), remove(last, admin.withKey(other.key))]);
        expect(both.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
        const left = await world.db.query<{ id: string }>(
          `select id from api_keys where 'admin' = any(scopes) and revoked_at is null and coalesce(expires_at > now(), true)`,
        );
        expect(left).toHaveLength(1);
        if (left[0]?.id === last) continue;
        last = other.id;
        admin = admin.withKey(other.key);
      }
    });

    it('can be ended where there is another way in', async () => {
      const cli = { actor: 'cli', mayEndLastAdmin: true };
      const successor = await world.app.get(KeyActs).rotate(last, { overlap: 0 }, cli);
      expect((await admin.get('/v1/keys')).status).toBe(401);
      admin = admin.withKey(successor.key);
      expect((await admin.get('/v1/keys')).status).toBe(200);
    });
  });
});
