import { execFileSync } from 'node:child_process';
import { Repository } from 'typeorm';
import { BatchArchive } from '../src/kernel/jobs/batches/batch-archive.js';
import { Batch } from '../src/kernel/jobs/batches/batch.entity.js';
import type { Cause } from '../src/kernel/notifications/cause.js';
import { JobsService } from '../src/kernel/jobs/jobs.service.js';
import { BatchDesk } from './harness/batch.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';

const NOTICE: Cause = { by: 'notice' };
const RESULT = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1 }] };

interface Manifest {
  total: number;
  counts: Record<string, number>;
  failures: { item: number; job: string; status: string; file: string; error?: { code: string } }[];
  open: { item: number; status: string }[];
}

/** Jobs are settled by hand here: the vendor is not asked to do anything. */
describe('The end of a batch', () => {
  let world: World;
  let desk: BatchDesk;

  beforeAll(async () => {
    world = await (await World.create('batches-finish')).start();
    desk = new BatchDesk(world);
    await desk.pause(true);
  });

  afterAll(() => world.end());

  /** A batch whose jobs are at the vendor. Their ids are in the order of the items. */
  async function running(count: number): Promise<{ id: string; jobs: string[] }> {
    const { id } = (await desk.submit({ items: Array.from({ length: count }, () => ({ url: world.vendor.audio })) }))
      .body;
    await world.db.execute(
      `update jobs set status = 'running', submit_at = null, external_id = id::text, started_at = now() where batch_id = $1`,
      [id],
    );
    const jobs = await world.db.query<{ id: string }>('select id from jobs where batch_id = $1 order by id', [id]);
    return { id, jobs: jobs.map((job) => job.id) };
  }

  const service = () => world.app.get(JobsService);
  const succeed = (job: string) =>
    world.db.unitOfWork((tx) => service().change(tx, job, { to: 'succeeded', result: RESULT }, NOTICE), 2);
  const fail = (job: string) =>
    world.db.unitOfWork(
      (tx) => service().change(tx, job, { to: 'failed', error: { code: 'x', message: 'y' } }, NOTICE),
      2,
    );
  const expire = (job: string) =>
    world.db.unitOfWork(async (tx) => service().move(tx, await service().lock(tx, job), 'expired', NOTICE));

  it('is announced once when all its jobs are settled at the same time, some of them twice', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, jobs } = await running(12);
      await Promise.all(
        jobs.flatMap((job, i) => (i % 3 === 0 ? [succeed(job), succeed(job)] : [fail(job), fail(job)])),
      );
      const counts = { failed: 8, succeeded: 4 };
      expect((await desk.finishes(id)).map((event) => event.what.counts)).toEqual([counts]);
      expect(await desk.batch(id)).toMatchObject({ settled: 12, counts });
    }
  });

  it('comes with expired jobs as well, and not again when the vendor has a late word on them', async () => {
    const { id, jobs } = await running(3);
    const [first = '', second = '', third = ''] = jobs;
    await expire(first);
    expect(await desk.batch(id)).toMatchObject({ settled: 1, finishedAt: null });
    // Late, while the batch is still open: it was counted.
    await succeed(first);
    expect(await desk.batch(id)).toMatchObject({ settled: 1, finishedAt: null });
    await succeed(second);
    await expire(third);
    const done = await desk.batch(id);
    expect(done).toMatchObject({ settled: 3, counts: { succeeded: 2, expired: 1 } });
    await succeed(third);
    expect(await desk.batch(id)).toEqual({ ...done, counts: { succeeded: 3 } });
    expect(await desk.finishes(id)).toHaveLength(1);
  });

  it('is not announced when the transaction that settles the last job comes to nothing', async () => {
    const { id, jobs } = await running(1);
    const broken = world.db.unitOfWork(async (tx) => {
      await service().change(tx, jobs[0] ?? '', { to: 'succeeded', result: RESULT }, NOTICE);
      throw new Error('the power went');
    });
    await expect(broken).rejects.toThrow('the power went');
    expect(await desk.finishes(id)).toEqual([]);
    expect(await desk.batch(id)).toMatchObject({ settled: 0, finishedAt: null });
    await succeed(jobs[0] ?? '');
    expect(await desk.finishes(id)).toHaveLength(1);
  });

  it('and cancelling at the same time come to one end', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, jobs } = await running(20);
      await world.db.execute(
        `update jobs set status = 'queued', external_id = null, submit_at = now() where id = any($1)`,
        [jobs.slice(0, 10)],
      );
      await Promise.all([
        world.client.post(`/v1/batches/${id}/cancel`),
        ...jobs.slice(10).map(succeed),
        world.client.post(`/v1/batches/${id}/cancel`),
        ...jobs.slice(10).map(expire),
      ]);
      const { settled, counts } = await desk.batch(id);
      expect({ settled, canceled: counts?.canceled }).toEqual({ settled: 20, canceled: 10 });
      expect(await desk.finishes(id)).toHaveLength(1);
    }
  });

  describe('in the archive of its results', () => {
    async function archive(id: string): Promise<Map<string, Record<string, unknown>>> {
      const key = await world.key(['jobs:read']);
      const url = new URL(`/v1/batches/${id}/results`, world.url);
      const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
      expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
        status: 200,
        type: 'application/gzip',
      });
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="batch_${id}.tar.gz"`);
      const input = Buffer.from(await answer.arrayBuffer());
      const names = execFileSync('tar', ['-tzf', '-'], { input, encoding: 'utf8' }).trimEnd().split('\n');
      return new Map(
        names.map((name) => [
          name.slice(id.length + 1),
          JSON.parse(execFileSync('tar', ['-xzOf', '-', name], { input, encoding: 'utf8' })) as Record<string, unknown>,
        ]),
      );
    }

    it('is every job in the order of the items, and at its end what failed and what is open', async () => {
      const { id, jobs } = await running(4);
      await succeed(jobs[0] ?? '');
      await fail(jobs[2] ?? '');
      const files = await archive(id);
      const names = jobs.map((job, i) => `000${i}_${job}.json`);
      expect([...files.keys()]).toEqual([...names, 'manifest.json']);
      expect(files.get(names[0] ?? '')).toMatchObject({ item: 0, id: jobs[0], status: 'succeeded', result: RESULT });
      expect(files.get(names[2] ?? '')).toMatchObject({ status: 'failed', result: null, error: { code: 'x' } });
      const manifest = files.get('manifest.json') as unknown as Manifest;
      expect(manifest).toMatchObject({ total: 4, counts: { succeeded: 1, failed: 1, running: 2 } });
      expect(manifest.failures).toEqual([
        { item: 2, job: jobs[2], status: 'failed', file: names[2], error: { code: 'x', message: 'y' } },
      ]);
      expect(manifest.open.map(({ item, status }) => [item, status])).toEqual([
        [1, 'running'],
        [3, 'running'],
      ]);
    });

    it('is read from the database no faster than somebody takes it', async () => {
      const { id } = await running(24);
      // A megabyte of each that cannot be made smaller.
      await world.db.execute(
        `update jobs set result = jsonb_build_object('noise',
           (select string_agg(encode(sha256((id::text || n)::bytea), 'base64'), '') from generate_series(1, 24000) as n))
         where batch_id = $1`,
        [id],
      );
      const readings = jest.spyOn(Repository.prototype, 'findOneByOrFail');
      const batch = await world.db.source.getRepository(Batch).findOneByOrFail({ id });
      readings.mockClear();
      const stream = world.app.get(BatchArchive).stream(batch, batch);
      await eventually('it begins', () => Promise.resolve(stream.readableLength > 0));
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(readings.mock.calls.length).toBeLessThan(5);
      expect(stream.readableLength).toBeLessThan(1_000_000);
      let bytes = 0;
      for await (const chunk of stream) bytes += (chunk as Buffer).length;
      expect(readings.mock.calls).toHaveLength(24);
      expect(bytes).toBeGreaterThan(15_000_000);
      readings.mockRestore();
    });

    it('never looks whole when the database goes away half-way', async () => {
      const { id } = await running(3);
      const read = Repository.prototype.findOneByOrFail;
      const readings = jest.spyOn(Repository.prototype, 'findOneByOrFail');
      readings.mockImplementation(function (this: Repository<object>, where) {
        return readings.mock.calls.length < 3 ? read.call(this, where) : Promise.reject(new Error('gone'));
      });
      const answer = await fetch(new URL(`/v1/batches/${id}/results`, world.url), {
        headers: { authorization: `Bearer ${await world.key(['jobs:read'])}` },
      });
      const whole = answer.ok && (await answer.arrayBuffer().then(...[() => true, () => false]));
      readings.mockRestore();
      expect({ whole, calls: readings.mock.calls.length }).toMatchObject({ whole: false });
    });
  });
});
