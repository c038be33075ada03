import type { ApiClient } from './harness/api-client.js';
import type { BatchAnswer, BatchItem } from './harness/batch.js';
import { BatchDesk } from './harness/batch.js';
import { describeLong } from './harness/long.js';
import { brokenPromises } from './harness/promise-checker.js';
import { World } from './harness/service.js';

describe('A batch', () => {
  let world: World;
  let desk: BatchDesk;
  let url: string;

  beforeAll(async () => {
    world = await (await World.create('batches')).start();
    desk = new BatchDesk(world);
    url = world.vendor.audio;
  });

  afterEach(async () => {
    await desk.pause(false);
    await world.vendor.clearFaults();
  });

  afterAll(() => world.end());

  const items = (count: number, item: (i: number) => BatchItem = () => ({ url })) =>
    Array.from({ length: count }, (_, i) => item(i));

  it('is many jobs with one set of options, and is finished once with the last of them', async () => {
    const made = await desk.submit({
      options: { maxSpeakers: 4 },
      labels: { archive: 'a', by: 'all' },
      items: items(5, (i) => ({ url, ...(i === 3 ? { labels: { by: 'one' } } : {}) })),
    });
    const { id } = made.body;
    expect({ status: made.status, location: made.headers.get('location') }).toEqual({
      status: 202,
      location: `/v1/batches/${id}`,
    });
    expect(made.body).toMatchObject({ kind: 'diarization', total: 5, labels: { archive: 'a', by: 'all' } });
    const done = await desk.finished(id);
    expect(done).toMatchObject({ total: 5, settled: 5, counts: { succeeded: 5 } });
    const jobs = await desk.jobs(id);
    expect(jobs.map((job) => job.labels.by)).toEqual(['all', 'one', 'all', 'all', 'all']);
    expect(jobs.every((job) => job.batch === id && job.input.maxSpeakers === 4)).toBe(true);
    const events = await desk.finishes(id);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      team_id: expect.any(String) as string,
      what: { batch: id, kind: 'diarization', total: 5, counts: { succeeded: 5 }, labels: { archive: 'a' } },
      cause: { by: 'notice' },
    });
  });

  it('goes on when one of its jobs comes to nothing at the vendor', async () => {
    await world.vendor.fault('fail', { error: 'The audio could not be loaded.' });
    const { id } = (await desk.submit({ items: items(4) })).body;
    expect((await desk.finished(id)).counts).toEqual({ succeeded: 3, failed: 1 });
    expect((await desk.finishes(id)).map((event) => event.what.counts)).toEqual([{ succeeded: 3, failed: 1 }]);
  });

  describeLong('of a thousand', () => {
    it('is taken in one go, listed page by page, and canceled while nothing was handed out', async () => {
      await desk.pause(true);
      const start = performance.now();
      const { status, body } = await desk.submit({ items: items(1_000, (i) => ({ url: `${url}?n=${i}` })) });
      const seconds = (performance.now() - start) / 1_000;
      expect({ status, counts: body.counts, total: body.total }).toEqual({
        status: 202,
        counts: { queued: 1_000 },
        total: 1_000,
      });
      expect(seconds).toBeLessThan(10);
      const jobs = (await desk.jobs(body.id)).reverse();
      expect(jobs.map((job) => job.input.url)).toEqual(items(1_000).map((_, i) => `${url}?n=${i}`));
      const canceled = await world.client.post<BatchAnswer>(`/v1/batches/${body.id}/cancel`);
      expect(canceled.status).toBe(200);
      expect(canceled.body).toMatchObject({ canceled: 1_000, asked: 0, goOn: 0, settled: 1_000 });
      expect(canceled.body.finishedAt).not.toBeNull();
      expect((await desk.finishes(body.id)).map((event) => event.what.counts)).toEqual([{ canceled: 1_000 }]);
      const again = await world.client.post<BatchAnswer>(`/v1/batches/${body.id}/cancel`);
      expect(again.body).toMatchObject({ canceled: 0, asked: 0, goOn: 0, finishedAt: canceled.body.finishedAt });
      expect(await desk.finishes(body.id)).toHaveLength(1);
    });

    it('with one bad file in it is refused, and the file is named; mended, it is taken under the same key', async () => {
      await desk.pause(true);
      const key = { 'idempotency-key': 'mended' };
      const body = { labels: { run: 'mended' }, items: items(1_000) };
      body.items[17] = { url: 'http://10.1.2.3/a.wav' };
      const refused = await desk.submit(body, key);
      expect({ status: refused.status, errors: refused.body.errors }).toEqual({
        status: 400,
        errors: [{ field: 'items[17].url', detail: expect.stringContaining('private') as string }],
      });
      expect(await desk.labelled('mended')).toBe(0);
      body.items[17] = { url };
      const taken = await desk.submit(body, key);
      expect(taken.status).toBe(202);
      expect(await desk.labelled('mended')).toBe(1_000);
      await world.client.post(`/v1/batches/${taken.body.id}/cancel`);
    });
  });

  it('of files wants each of them to be there, and names those that are not', async () => {
    const gone = '019aa0b0-7c1e-7b3a-9b0e-00000000dead';
    const file = await desk.upload('batch.wav');
    const refused = await desk.submit({ items: [{ file }, { file: gone }, { url }, { file: gone }] });
    expect(refused.body.errors?.map(({ field }) => field)).toEqual(['items[1].file', 'items[3].file']);
    const taken = await desk.submit({ items: [{ file }, { file }] });
    expect((await desk.finished(taken.body.id)).counts).toEqual({ succeeded: 2 });
  });

  it('is one, however often it is sent under one key', async () => {
    await desk.pause(true);
    const body = { labels: { run: 'once' }, items: items(20) };
    const key = { 'idempotency-key': 'once' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => desk.submit(body, key)));
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await desk.labelled('once')).toBe(20);
    const other = await desk.submit({ ...body, options: { exclusive: true } }, key);
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 422, code: 'idempotency_key_reused' });
    await world.client.post(`/v1/batches/${answers[0]?.body.id}/cancel`);
  });

  it('is there with all its jobs or not at all', async () => {
    await world.db.execute(
      `create function refuse() returns trigger language plpgsql as $$
       begin if new.labels->>'n' = '13' then raise exception 'no'; end if; return new; end $$`,
    );
    await world.db.execute('create trigger refuse before insert on jobs for each row execute function refuse()');
    const body = { labels: { run: 'half' }, items: items(20, (i) => ({ url, labels: { n: String(i) } })) };
    const failed = await desk.submit(body, { 'idempotency-key': 'half' });
    await world.db.execute('drop trigger refuse on jobs');
    expect(failed.status).toBe(500);
    expect(await desk.labelled('half')).toBe(0);
    expect(await world.db.query(`select 1 from batches where labels->>'run' = 'half'`)).toEqual([]);
    const taken = await desk.submit(body, { 'idempotency-key': 'half' });
    expect({ status: taken.status, replayed: taken.headers.get('idempotency-replayed') }).toEqual({
      status: 202,
      replayed: null,
    });
    await desk.finished(taken.body.id);
  });

  it('canceled half-way ends what was not handed out, and lets the rest come to its end', async () => {
    await world.vendor.fault('processing', { ms: 1_500, times: null });
    const { id } = (await desk.submit({ items: items(30) })).body;
    await desk.until(id, ({ counts }) => (counts?.running ?? 0) >= 3);
    await desk.pause(true);
    const { body } = await world.client.post<BatchAnswer>(`/v1/batches/${id}/cancel`);
    expect(body.goOn).toBeGreaterThan(0);
    await desk.pause(false);
    const done = await desk.finished(id);
    expect(done.counts).toEqual({ canceled: body.canceled, succeeded: 30 - body.canceled });
    expect(await desk.finishes(id)).toHaveLength(1);
  });

  describe('of another team', () => {
    let others: ApiClient;
    let id: string;

    beforeAll(async () => {
      await world.team('others');
      others = world.client.withKey(await world.key(['jobs:read', 'jobs:write'], 'others'));
      id = (await desk.submit({ items: items(1) })).body.id;
      await desk.finished(id);
    });

    it.each(['', '/results'])('is not there: GET /v1/batches/{id}%s', async (rest) => {
      const { status, body } = await others.get<{ code: string }>(`/v1/batches/${id}${rest}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'batch_not_found' });
    });

    it('cannot be canceled, and neither it nor its jobs are in a list', async () => {
      expect((await others.post(`/v1/batches/${id}/cancel`)).status).toBe(404);
      expect((await others.get<{ items: unknown[] }>('/v1/batches')).body.items).toEqual([]);
      expect((await others.get<{ items: unknown[] }>(`/v1/jobs?batch=${id}`)).body.items).toEqual([]);
    });
  });

  it.each(['x', '019aa0b0-7c1e-7b3a-9b0e-00000000dead'])('that nobody made is not there: %s', async (id) => {
    expect((await world.client.get(`/v1/batches/${id}`)).status).toBe(404);
  });

  it('needs the scope jobs:write', async () => {
    const reader = world.client.withKey(await world.key(['jobs:read']));
    expect((await reader.post('/v1/batches', { kind: 'diarization', items: [{ url }] })).status).toBe(403);
  });

  it('is listed newest first, page by page, without counts', async () => {
    const all = (await world.client.get<{ items: BatchAnswer[] }>('/v1/batches')).body.items;
    const pages: BatchAnswer[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await world.client.get<{ items: BatchAnswer[]; nextCursor: string | null }>(
        `/v1/batches?limit=2${query}`,
      );
      pages.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(pages).toEqual(all);
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(all[0]).not.toHaveProperty('counts');
  });

  it('keeps every promise', async () => {
    const query = <T>(sql: string, parameters?: unknown[]) => world.db.query<T>(sql, parameters);
    const webhookSecrets = [world.sandbox.pyannote.webhookSecret];
    expect(await brokenPromises({ query, record: await world.vendor.record(), webhookSecrets })).toEqual([]);
  });
});
