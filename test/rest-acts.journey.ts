import type { ApiClient } from './harness/api-client.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

type Answered = JobAnswer & { code: string; detail: string; errors?: { field: string }[]; deadlineAt: string | null };

const STATUSES = ['queued', 'submitting', 'unconfirmed', 'running', 'expired', 'succeeded', 'failed', 'canceled'];
/** What an operator may say of a job in which state. */
const MAY_RESOLVE: Record<string, string[]> = {
  failed: ['submitting', 'unconfirmed', 'running', 'expired'],
  succeeded: ['submitting', 'unconfirmed', 'running', 'expired'],
  running: ['submitting', 'unconfirmed'],
  queued: ['unconfirmed'],
};
const RESULT = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1 }] };

describe('What people do to jobs', () => {
  let world: World;
  let team: ApiClient;

  beforeAll(async () => {
    world = await (await World.create('rest-acts')).start();
    team = world.client.withKey(await world.key(['jobs:read', 'jobs:write']));
  });

  afterEach(async () => {
    await pause(false);
    await world.vendor.clearFaults();
  });

  afterAll(() => world.end());

  async function pause(paused: boolean): Promise<void> {
    await world.db.execute(
      `insert into provider_states (provider, paused) values ('pyannote', $1)
       on conflict (provider) do update set paused = excluded.paused`,
      [paused],
    );
  }

  /** A job that nobody works on, put into a state by hand. */
  async function jobIn(status: string, more = ''): Promise<string> {
    await pause(true);
    const { id } = await world.diarize();
    await world.db.execute(
      `update jobs set status = $2, version = version + 1,
              submit_at = case when $2 in ('queued', 'submitting') then now() + interval '1 hour' end ${more}
       where id = $1`,
      [id, status],
    );
    return id;
  }

  async function jobsAtTheVendor(id: string): Promise<number> {
    const { jobs } = await world.vendor.record();
    return jobs.filter((job) => job.request.webhook?.includes(id)).length;
  }

  const cancel = (id: string) => team.post<Answered>(`/v1/jobs/${id}/cancel`);
  const resolve = (id: string, wish: Record<string, unknown>) =>
    world.client.post<Answered>(`/v1/jobs/${id}/resolve`, { reason: 'seen in the vendor’s dashboard', ...wish });

  describe('when they cancel', () => {
    it('ends a job that was not sent yet, once, and it is never sent', async () => {
      await pause(true);
      const { id } = await world.diarize();
      const first = await cancel(id);
      expect({ status: first.status, job: first.body.status }).toEqual({ status: 200, job: 'canceled' });
      expect(first.body.settledAt).not.toBeNull();
      const second = await cancel(id);
      expect({ status: second.status, body: second.body }).toEqual({ status: 200, body: first.body });
      expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
      const types = (await world.events(id)).map((event) => event.type);
      expect(types).toEqual(['diarization.queued', 'diarization.canceled']);
      await pause(false);
      await world.until((await world.diarize()).id, 'succeeded');
      expect(await jobsAtTheVendor(id)).toBe(0);
      expect((await world.job(id)).status).toBe('canceled');
    });

    it.each(['submitting', 'running', 'unconfirmed'])(
      'cannot end one that is %s at a vendor who cannot',
      async (status) => {
        const id = await jobIn(status);
        const { status: code, body } = await cancel(id);
        expect({ code, problem: body.code }).toEqual({ code: 409, problem: 'cancel_not_supported' });
        expect(body.detail).toContain('pyannote');
        expect((await world.job(id)).status).toBe(status);
      },
    );

    it.each(['succeeded', 'failed', 'expired'])('cannot end one that is %s already', async (status) => {
      const id = await jobIn(status);
      const { status: code, body } = await cancel(id);
      expect({ code, problem: body.code }).toEqual({ code: 409, problem: 'already_settled' });
      expect(body.detail).toContain(status);
    });

    it('either ends it or lets it go on, however close to its sending', async () => {
      const ids = await Promise.all(Array.from({ length: 12 }, async () => (await world.diarize()).id));
      const answers = await Promise.all(ids.map((id) => cancel(id)));
      for (const [i, id] of ids.entries()) {
        const { status } = answers[i] ?? {};
        expect([200, 409]).toContain(status);
        await world.until(id, status === 200 ? 'canceled' : 'succeeded');
        expect(await jobsAtTheVendor(id)).toBe(status === 200 ? 0 : 1);
      }
    });
  });

  describe('when they resolve', () => {
    it('have to be operators', async () => {
      const id = await jobIn('unconfirmed');
      const { status, body } = await team.post<Answered>(`/v1/jobs/${id}/resolve`, { to: 'failed', reason: 'x' });
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'missing_scope' });
      expect(body.detail).toContain('operate');
    });

    for (const [to, allowed] of Object.entries(MAY_RESOLVE)) {
      it(`may say ${to} of a job that is ${allowed.join(', ')}, and of no other`, async () => {
        for (const from of STATUSES) {
          const id = await jobIn(from, to === 'queued' ? '' : `, external_id = 'vendor-' || id`);
          const { status, body } = await resolve(id, { to, ...(to === 'succeeded' ? { result: RESULT } : {}) });
          const expected = allowed.includes(from) ? { status: 200, job: to } : { status: 409, job: from };
          expect({ from, status, job: (await world.job(id)).status }).toEqual({ from, ...expected });
          if (status === 409) expect(body).toMatchObject({ code: 'move_not_allowed' });
        }
      });
    }

    it('leave a line in the audit log: who, what, before, after, and why', async () => {
      const id = await jobIn('unconfirmed');
      const { body } = await resolve(id, { to: 'failed', reason: 'the vendor has no such job' });
      expect(body.error).toEqual({ code: 'resolved', message: 'the vendor has no such job' });
      const rows = await world.db.query(
        `select actor, action, before, after, reason, team_id = (select team_id from jobs where id = $2) as own
         from audit_log where subject = $1`,
        [`job:${id}`, id],
      );
      const key = (await world.events(id)).at(-1)?.cause;
      expect(key).toMatchObject({ by: 'operator' });
      expect(rows).toEqual([
        {
          actor: `key:${key?.key}`,
          action: 'job.resolve',
          before: { status: 'unconfirmed', externalId: null },
          after: { status: 'failed', externalId: null },
          reason: 'the vendor has no such job',
          own: true,
        },
      ]);
    });

    it('leave no line when nothing came of it', async () => {
      const id = await jobIn('succeeded');
      await resolve(id, { to: 'failed' });
      expect(await world.db.query('select 1 from audit_log where subject = $1', [`job:${id}`])).toEqual([]);
    });

    it.each<[string, Record<string, unknown>, string]>([
      ['running without the vendor’s id', { to: 'running' }, 'externalId'],
      ['an id that no vendor gives', { to: 'running', externalId: 'a\u0000b' }, 'externalId'],
      ['an empty id', { to: 'running', externalId: '' }, 'externalId'],
      ['succeeded without a result', { to: 'succeeded' }, 'result'],
      ['a result that is a list', { to: 'succeeded', result: [] }, 'result'],
      ['a state that is not theirs to give', { to: 'canceled' }, 'to'],
      ['no state', {}, 'to'],
      ['no reason', { to: 'failed', reason: undefined }, 'reason'],
      ['an empty reason', { to: 'failed', reason: '' }, 'reason'],
      ['a reason that is a book', { to: 'failed', reason: 'x'.repeat(1_001) }, 'reason'],
      ['an unknown field', { to: 'failed', status: 'failed' }, 'status'],
    ])('cannot say %s', async (_what, wish, field) => {
      const id = await jobIn('unconfirmed');
      const { status, body } = await resolve(id, wish);
      expect({ status, fields: [...new Set(body.errors?.map((error) => error.field))] }).toEqual({
        status: 400,
        fields: [field],
      });
      expect((await world.job(id)).status).toBe('unconfirmed');
    });

    it('may give reasons and results with characters that Postgres cannot keep', async () => {
      const id = await jobIn('unconfirmed');
      const result = { note: 'a\u0000b', toString: 'kept' };
      const { status, body } = await resolve(id, { to: 'succeeded', reason: 'NUL \u0000 and \ud800', result });
      expect({ status, result: body.result }).toEqual({ status: 200, result: { note: 'a\ufffdb', toString: 'kept' } });
      const [row] = await world.db.query('select reason from audit_log where subject = $1', [`job:${id}`]);
      expect(row).toEqual({ reason: 'NUL \ufffd and \ufffd' });
    });

    it('cannot give a job the vendor’s id of another one', async () => {
      const taken = `vendor-${await jobIn('running', `, external_id = 'vendor-' || id`)}`;
      const id = await jobIn('unconfirmed');
      const { status, body } = await resolve(id, { to: 'running', externalId: taken });
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'external_id_conflict' });
      expect(await world.job(id)).toMatchObject({ status: 'unconfirmed', externalId: null });
    });

    it('cannot send a job again that the vendor has', async () => {
      const id = await jobIn('unconfirmed', `, external_id = 'vendor-' || id`);
      const { status, body } = await resolve(id, { to: 'queued' });
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'already_sent' });
    });

    it('send a job again that the vendor never took, with a deadline of its own', async () => {
      const url = `${world.vendor.audio}?never-taken`;
      await world.vendor.fault('drop', { on: 'submit', match: { url } });
      const { id } = await world.diarize({ url });
      const unconfirmed = (await world.until(id, 'unconfirmed')) as Answered;
      expect(await jobsAtTheVendor(id)).toBe(0);
      await pause(true);
      const { status, body } = await resolve(id, { to: 'queued' });
      expect({ status, job: body.status, deadline: body.deadlineAt }).toEqual({
        status: 200,
        job: 'queued',
        deadline: null,
      });
      await pause(false);
      const done = (await world.until(id, 'succeeded')) as Answered;
      expect(await jobsAtTheVendor(id)).toBe(1);
      expect(Date.parse(done.deadlineAt ?? '')).toBeGreaterThan(Date.parse(unconfirmed.deadlineAt ?? ''));
    });

    it('find a job again that the vendor took without our hearing of it', async () => {
      const url = `${world.vendor.audio}?taken`;
      await world.vendor.fault('lose', { match: { url } });
      await world.vendor.fault('drop', { on: 'submit', taken: true, match: { url } });
      const { id } = await world.diarize({ url });
      await world.until(id, 'unconfirmed');
      const { jobs } = await world.vendor.record();
      const externalId = jobs.find((job) => job.request.webhook?.includes(id))?.jobId;
      expect(externalId).toBeDefined();
      const { status, body } = await resolve(id, { to: 'running', externalId });
      expect({ status, job: body.status, externalId: body.externalId }).toEqual({
        status: 200,
        job: 'running',
        externalId,
      });
      const done = await world.until(id, 'succeeded');
      expect(done.result?.diarization?.length).toBeGreaterThan(0);
      expect((await world.events(id)).at(-1)?.cause.by).toBe('check');
      expect(await jobsAtTheVendor(id)).toBe(1);
    });

    it('end the waiting of whoever waits for it', async () => {
      const id = await jobIn('running');
      const waiting = team.get<JobAnswer>(`/v1/jobs/${id}`, { prefer: 'wait=30' });
      const started = Date.now();
      await resolve(id, { to: 'succeeded', result: RESULT });
      expect((await waiting).body).toMatchObject({ status: 'succeeded', result: RESULT });
      expect(Date.now() - started).toBeLessThan(1_500);
    });
  });
});
