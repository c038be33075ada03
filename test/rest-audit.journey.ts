import type { ApiClient } from './harness/api-client.js';
import { BatchDesk } from './harness/batch.js';
import { LimitedTeam } from './harness/limited-team.js';
import { World } from './harness/service.js';
import { upload } from './harness/upload.js';

interface Entry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  team: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
}

type Page = { items: Entry[]; nextCursor: string | null };
type KeyAnswer = { id: string; key: string; prefix: string; expiresAt: string | null };

describe('The audit log', () => {
  let world: World;
  let admin: ApiClient;
  let me: string;
  let teams = 0;

  beforeAll(async () => {
    world = await (await World.create('rest-audit')).start();
    admin = world.client;
    me = `key:${(await admin.get<{ key: { id: string } }>('/v1/caller')).body.key.id}`;
    await new BatchDesk(world).pause(true);
  });

  afterAll(() => world.end());

  const team = () => LimitedTeam.create(world, `team-${(teams += 1)}`);
  const entries = async (query: string) => (await admin.get<Page>(`/v1/audit?${query}`)).body.items;
  const actsOn = (subject: string) => entries(`subject=${subject}`);
  const makeKey = async (wish: Record<string, unknown> = {}) =>
    (await admin.post<KeyAnswer>('/v1/keys', { team: 'default', name: 'test', ...wish })).body;

  it('says of a team who made it, and what its limits were before and after', async () => {
    const { body } = await admin.post<{ id: string }>('/v1/teams', { name: 'radio' });
    const change = (limits: object) => admin.ask(`/v1/teams/${body.id}`, { method: 'PATCH', body: { limits } });
    await change({ openJobs: 5, monthlyBudget: 20 });
    await change({ openJobs: 7, monthlyBudget: 20 });
    // Nothing changed: no act.
    await change({ openJobs: 7 });
    await change({});
    await change({ openJobs: null });
    const every = { actor: me, subject: `team:${body.id}`, team: 'radio', reason: null };
    expect(await actsOn(`team:${body.id}`)).toEqual(
      [
        { action: 'team.limits', before: { openJobs: 7 }, after: { openJobs: null } },
        { action: 'team.limits', before: { openJobs: 5 }, after: { openJobs: 7 } },
        {
          action: 'team.limits',
          before: { openJobs: null, monthlyBudget: null },
          after: { openJobs: 5, monthlyBudget: 20 },
        },
        { action: 'team.create', before: null, after: { name: 'radio' } },
      ].map((act) => ({ ...every, ...act, id: expect.any(String) as string, at: expect.any(String) as string })),
    );
  });

  it('says of a key who made, rotated and ended it, and never the key', async () => {
    const made = await makeKey({ name: 'desk', scopes: ['jobs:read'] });
    const { body: next } = await admin.post<KeyAnswer>(`/v1/keys/${made.id}/rotate`, { overlap: 60 });
    await admin.ask(`/v1/keys/${made.id}`, { method: 'DELETE' });
    await admin.ask(`/v1/keys/${made.id}`, { method: 'DELETE' });
    const { expiresAt } = (await admin.get<KeyAnswer>(`/v1/keys/${made.id}`)).body;
    const was = { name: 'desk', prefix: made.prefix, scopes: ['jobs:read'] };
    const acts = await actsOn(`key:${made.id}`);
    expect(acts.map(({ actor, action, team: of, before, after }) => ({ actor, action, of, before, after }))).toEqual([
      {
        actor: me,
        action: 'key.revoke',
        of: 'default',
        before: { ...was, expiresAt },
        after: { revokedAt: expect.any(String) as string },
      },
      {
        actor: me,
        action: 'key.rotate',
        of: 'default',
        before: { ...was, expiresAt: null },
        after: { expiresAt, successor: { id: next.id, prefix: next.prefix, expiresAt: null } },
      },
      {
        actor: me,
        action: 'key.create',
        of: 'default',
        before: null,
        after: { ...was, team: 'default', expiresAt: null },
      },
    ]);
    const rows = await world.db.query<{ row: string }>('select row_to_json(a)::text as row from audit_log a');
    const answer = JSON.stringify(await entries('limit=100'));
    for (const { key } of [made, next]) {
      const [hash] = await world.db.query<{ hex: string }>(
        `select encode(hash, 'hex') as hex from api_keys where prefix = $1`,
        [key.slice(0, 10)],
      );
      for (const secret of [key, key.slice(10), hash?.hex ?? '?']) {
        expect(rows.filter(({ row }) => row.includes(secret))).toEqual([]);
        expect(answer).not.toContain(secret);
      }
    }
  });

  it('has no entry for what was refused', async () => {
    const last = me.slice('key:'.length);
    // The keys of other tests cannot administer; these are all refused.
    const before = (await entries('limit=100')).length;
    expect((await admin.post('/v1/teams', { name: 'default' })).status).toBe(409);
    expect((await admin.post('/v1/keys', { team: 'nobody', name: 'n' })).status).toBe(404);
    expect((await admin.post(`/v1/keys/${last}/rotate`, { overlap: 0 })).status).toBe(409);
    expect((await admin.ask(`/v1/keys/${last}`, { method: 'DELETE' })).status).toBe(409);
    expect((await entries('limit=100')).length).toBe(before);
  });

  it('tells of jobs settled by hand, with the reason', async () => {
    const own = await team();
    const { body } = await own.submit();
    await world.db.execute(`update jobs set status = 'unconfirmed', submit_at = null where id = $1`, [body.id]);
    await admin.post(`/v1/jobs/${body.id}/resolve`, { to: 'failed', reason: 'never arrived' });
    expect(await actsOn(`job:${body.id}`)).toMatchObject([
      {
        actor: me,
        action: 'job.resolve',
        before: { status: 'unconfirmed' },
        after: { status: 'failed' },
        reason: 'never arrived',
      },
    ]);
  });

  it('tells of jobs and batches that were canceled for another team, and not of what a team does with its own', async () => {
    const other = await team();
    const [job, mine] = [(await other.submit()).body, (await other.submit()).body];
    const [batch, ours] = [(await other.batch(3)).body, (await other.batch(2)).body];
    for (let times = 0; times < 2; times++) {
      await admin.post(`/v1/jobs/${job.id}/cancel`);
      await admin.post(`/v1/batches/${batch.id}/cancel`);
      await other.cancel(mine.id);
      await other.client.post(`/v1/batches/${ours.id}/cancel`);
    }
    expect(await actsOn(`job:${job.id}`)).toMatchObject([
      { actor: me, action: 'job.cancel', before: { status: 'queued' }, after: { status: 'canceled' } },
    ]);
    expect(await actsOn(`batch:${batch.id}`)).toMatchObject([
      { actor: me, action: 'batch.cancel', before: { open: 3 }, after: { canceled: 3, asked: 0 } },
    ]);
    expect(await actsOn(`job:${mine.id}`)).toEqual([]);
    expect(await actsOn(`batch:${ours.id}`)).toEqual([]);
  });

  it('tells of a file that was deleted for another team, and not of what a team does with its own', async () => {
    const other = await team();
    const operator = admin.withKey(await world.key(['files:write', 'operate']));
    const send = async (name: string) =>
      (await upload(world.url, other.key, Buffer.from('words'), { query: `?name=${name}` })).body.id;
    const [theirs, own] = [await send('a.txt'), await send('b.txt')];
    for (let times = 0; times < 2; times++) {
      await operator.ask(`/v1/files/${theirs}`, { method: 'DELETE' });
      await other.client.ask(`/v1/files/${own}`, { method: 'DELETE' });
    }
    expect(await actsOn(`file:${theirs}`)).toMatchObject([
      { action: 'file.delete', before: { name: 'a.txt', size: 5 }, after: null },
    ]);
    expect(await actsOn(`file:${own}`)).toEqual([]);
    expect((await other.client.get(`/v1/files/${theirs}`)).status).toBe(410);
  });

  describe('can be searched', () => {
    let made: KeyAnswer;
    let other: KeyAnswer;
    let own: LimitedTeam;

    beforeAll(async () => {
      own = await team();
      made = await makeKey({ team: own.id });
      const second = admin.withKey(await world.key(['admin']));
      other = (await second.post<KeyAnswer>('/v1/keys', { team: own.id, name: 'by another' })).body;
      await world.db.execute(`update audit_log set at = at - interval '3 days' where subject = $1`, [`key:${made.id}`]);
    });

    const subjects = async (query: string) => (await entries(`limit=100&${query}`)).map(({ subject }) => subject);

    it('by who, what, on what and whose', async () => {
      expect(await subjects(`actor=${me}`)).toContain(`key:${made.id}`);
      expect(await subjects(`actor=${me}`)).not.toContain(`key:${other.id}`);
      expect(await subjects('actor=cli')).toEqual([]);
      expect(new Set((await entries('action=key.create')).map(({ action }) => action))).toEqual(
        new Set(['key.create']),
      );
      const ofTeam = await subjects(`team=${own.id}&action=key.create&actor=${me}`);
      expect(ofTeam).toEqual([`key:${made.id}`]);
      const [{ team: name } = { team: null }] = await actsOn(`team:${own.id}`);
      expect(await subjects(`team=${name}`)).toEqual(await subjects(`team=${own.id}`));
    });

    it('by when', async () => {
      const day = new Date(Date.now() - 2 * 86_400_000).toISOString();
      expect(await subjects(`before=${day}`)).toEqual([`key:${made.id}`]);
      expect(await subjects(`after=${day}`)).not.toContain(`key:${made.id}`);
      expect(await subjects(`after=${day}&before=${day}`)).toEqual([]);
    });

    it('page by page, newest first, each entry once', async () => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await admin.get<Page>(`/v1/audit?limit=3${more}`);
        found.push(...body.items.map(({ id }) => id));
        cursor = body.nextCursor;
      }
      expect(found).toEqual([...new Set(found)].sort().reverse());
      const [count] = await world.db.query<{ rows: number }>('select count(*)::int as rows from audit_log');
      expect(found).toHaveLength(count?.rows ?? -1);
    });

    it.each(['cursor=x', 'after=yesterday', 'before=5', 'colour=red', 'actor=a&actor=b', 'limit=0'])(
      'not with %s',
      async (query) => {
        expect((await admin.get(`/v1/audit?${query}`)).status).toBe(400);
      },
    );

    it('not in a team that is not there, nor with text that no database takes', async () => {
      expect((await admin.get('/v1/audit?team=nobody')).status).toBe(404);
      for (const name of ['actor', 'action', 'subject'])
        expect((await admin.get<Page>(`/v1/audit?${name}=%00`)).body).toEqual({ items: [], nextCursor: null });
      expect((await admin.get('/v1/audit?team=%00')).status).toBe(404);
    });
  });
});
