import { Client } from 'pg';
import type { ApiClient } from './harness/api-client.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

const ROUTE = 'POST /v1/diarizations';

describe('A request that is sent again under its Idempotency-Key', () => {
  let world: World;
  let url: string;

  beforeAll(async () => {
    world = await (await World.create('rest-idempotency')).start();
    url = world.vendor.audio;
  });

  afterAll(() => world.end());

  const post = (key: string, body: unknown = { url }, client: ApiClient = world.client) =>
    client.post<JobAnswer & { code: string; errors?: { field: string }[] }>('/v1/diarizations', body, {
      'idempotency-key': key,
    });

  async function jobsLabelled(run: string): Promise<number> {
    return (await world.db.query(`select 1 from jobs where labels->>'run' = $1`, [run])).length;
  }

  it('gives the same job, whatever the order of its fields', async () => {
    const body = { url, labels: { run: 'order', a: '1' }, minSpeakers: 1, maxSpeakers: 3 };
    const first = await post('order', body);
    expect(first.status).toBe(202);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await post('order', { maxSpeakers: 3, labels: { a: '1', run: 'order' }, minSpeakers: 1, url });
    expect({ status: again.status, id: again.body.id, location: again.headers.get('location') }).toEqual({
      status: 202,
      id: first.body.id,
      location: `/v1/jobs/${first.body.id}`,
    });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await jobsLabelled('order')).toBe(1);
    expect((await world.events(first.body.id)).filter((event) => event.type === 'diarization.queued')).toHaveLength(1);
  });

  it('gives the job as it is by then, and its result to a caller who waits', async () => {
    const { id } = (await post('later')).body;
    await world.until(id, 'succeeded');
    expect((await post('later')).body).toMatchObject({ id, status: 'succeeded' });
    const waited = await world.client.post<JobAnswer>(
      '/v1/diarizations',
      { url },
      {
        'idempotency-key': 'later',
        prefer: 'wait=5',
      },
    );
    expect({ status: waited.status, replayed: waited.headers.get('idempotency-replayed') }).toEqual({
      status: 200,
      replayed: 'true',
    });
    expect(waited.body.result?.diarization?.length).toBeGreaterThan(0);
  });

  it.each<[string, unknown]>([
    ['another value', { url: 'https://files.example.com/other.wav' }],
    ['a field more', { url: 'https://files.example.com/a.wav', exclusive: false }],
    ['a null for nothing', { url: 'https://files.example.com/a.wav', model: null }],
  ])('with %s in its body is refused with 422', async (what, body) => {
    const key = what.replaceAll(' ', '-');
    const first = await post(key, { url: 'https://files.example.com/a.wav' });
    expect(first.status).toBe(202);
    const other = await post(key, body);
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 422, code: 'idempotency_key_reused' });
    expect((await post(key, { url: 'https://files.example.com/a.wav' })).body.id).toBe(first.body.id);
  });

  it('by another team is another request', async () => {
    await world.team('others');
    const others = world.client.withKey(await world.key(['jobs:read', 'jobs:write'], 'others'));
    const own = await post('shared', { url, labels: { run: 'shared' } });
    const theirs = await post('shared', { url, labels: { run: 'shared' } }, others);
    expect([own.status, theirs.status]).toEqual([202, 202]);
    expect(theirs.body.id).not.toBe(own.body.id);
    expect(theirs.headers.get('idempotency-replayed')).toBeNull();
    // Nor does another body under their key have anything to do with ours.
    expect((await post('shared', { url, model: 'precision-2' }, others)).status).toBe(422);
    expect((await post('shared', { url, labels: { run: 'shared' } })).body.id).toBe(own.body.id);
  });

  it('by another key of the same team is the same request', async () => {
    const second = world.client.withKey(await world.key(['jobs:write']));
    const first = await post('colleague');
    expect((await post('colleague', { url }, second)).body.id).toBe(first.body.id);
  });

  it('makes one job when it is sent twenty times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('at-once', { url, labels: { run: 'at-once' } })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await jobsLabelled('at-once')).toBe(1);
    await world.until(answers[0]?.body.id ?? '', 'succeeded');
    const { jobs } = await world.vendor.record();
    const id = answers[0]?.body.id ?? '?';
    expect(jobs.filter((job) => job.request.webhook?.includes(id))).toHaveLength(1);
  });

  it('makes two jobs when nobody gave it a key', async () => {
    const [first, second] = await Promise.all([world.diarize(), world.diarize()]);
    expect(first?.id).not.toBe(second?.id);
  });

  describe('while the first is still under way', () => {
    let rival: Client;

    /** What the first request holds until its commit: the row of its key. */
    async function begin(key: string): Promise<void> {
      rival = new Client({ connectionString: world.database.url });
      await rival.connect();
      await rival.query('begin');
      await rival.query(
        `insert into idempotency_keys (team_id, route, key, body_hash, job_id)
         select id, $1, $2, '\\x00', gen_random_uuid() from teams where name = 'default'`,
        [ROUTE, key],
      );
    }

    afterEach(() => rival.end());

    it('waits for it, says 409 and when to come back after about five seconds, and leaves nothing behind', async () => {
      await begin('slow');
      const start = performance.now();
      const { status, body, headers } = await post('slow', { url, labels: { run: 'slow' } });
      const seconds = (performance.now() - start) / 1_000;
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'idempotency_key_in_use' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(seconds).toBeGreaterThan(4);
      expect(seconds).toBeLessThan(6);
      expect(await jobsLabelled('slow')).toBe(0);
      await rival.query('rollback');
      expect(await world.db.query(`select 1 from idempotency_keys where key = 'slow'`)).toEqual([]);
      expect((await post('slow', { url, labels: { run: 'slow' } })).status).toBe(202);
    });

    it('is answered as soon as the first has come to nothing, and then is the first', async () => {
      await begin('crashed');
      const waiting = post('crashed', { url, labels: { run: 'crashed' } });
      // As a crash of the first one's process does.
      await rival.query('rollback');
      const { status, headers } = await waiting;
      expect({ status, replayed: headers.get('idempotency-replayed') }).toEqual({ status: 202, replayed: null });
      expect(await jobsLabelled('crashed')).toBe(1);
    });
  });

  it('leaves neither key nor job behind when the job cannot be written', async () => {
    // A trigger stands for whatever may fail between the key and the commit.
    await world.db.execute(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    );
    await world.db.execute('create trigger refuse before insert on jobs for each row execute function refuse()');
    const failed = await post('fails', { url, labels: { run: 'fails' } });
    await world.db.execute('drop trigger refuse on jobs');
    expect({ status: failed.status, code: failed.body.code }).toEqual({ status: 500, code: 'internal_error' });
    expect(await world.db.query(`select 1 from idempotency_keys where key = 'fails'`)).toEqual([]);
    const { status, headers } = await post('fails', { url, labels: { run: 'fails' } });
    expect({ status, replayed: headers.get('idempotency-replayed') }).toEqual({ status: 202, replayed: null });
  });

  it('is refused after a refusal only for the reason it had: a bad request claims no key', async () => {
    expect((await post('mended', { url: 'file:///etc/passwd' })).status).toBe(400);
    expect((await post('mended', { url })).status).toBe(202);
  });

  it.each(['', 'two words', 'x'.repeat(256), 'caf\u00e9', 'tab\there'])(
    'needs a key of visible characters: %j',
    async (key) => {
      const { status, body } = await post(key, { url, labels: { run: 'bad-key' } });
      expect({ status, fields: body.errors?.map((error) => error.field) }).toEqual({
        status: 400,
        fields: ['Idempotency-Key'],
      });
      expect(await jobsLabelled('bad-key')).toBe(0);
    },
  );

  it('may have a key of 255 characters, of any visible kind', async () => {
    const key = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~${'k'.repeat(223)}`;
    expect((await post(key)).body.id).toBe((await post(key)).body.id);
  });
});
