import { checkQueue } from '../src/kernel/jobs/check.processor.js';
import { submitQueue } from '../src/kernel/jobs/submit.processor.js';
import { Doorbell } from '../src/kernel/queue/doorbell.js';
import type { Service } from '../src/serve.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';

const FINAL = /\.(succeeded|failed|canceled)$/;

describe('Jobs between two processes', () => {
  let world: World;
  let services: Service[];

  beforeAll(async () => {
    world = await (await World.create('races jobs')).start();
    const first = world.service as Service;
    await world.start();
    services = [first, world.service as Service];
  });

  afterAll(async () => {
    await services[0]?.stop();
    await world.end();
  });

  const everywhere = (queue: string, rowId?: string) =>
    services.forEach(({ app }) => app.get(Doorbell).ring(queue, rowId));
  const due = (ids: string[], when: string) =>
    world.db.execute(`update jobs set check_at = now() + $2::interval where id = any($1)`, [ids, when]);
  const running = async () => {
    const job = await world.until((await world.diarize()).id, 'running');
    await due([job.id], '1 h');
    return { ...job, externalId: job.externalId ?? '' };
  };
  const questions = async (vendorId: string) =>
    (await world.vendor.record()).requests.filter(({ method, jobId }) => method === 'GET' && jobId === vendorId).length;

  it('are each sent to the vendor once, however often both are rung for', async () => {
    await world.db.execute(`insert into provider_states (provider, paused) values ('pyannote', true)`);
    const jobs = await Promise.all(Array.from({ length: 24 }, () => world.diarize()));
    await world.db.execute(`update provider_states set paused = false`);
    for (let i = 0; i < 40; i++) everywhere(submitQueue('pyannote'));
    for (const { id } of jobs) await world.until(id, 'succeeded');
    const { requests } = await world.vendor.record();
    expect(requests.filter(({ path }) => path.endsWith('/v1/diarize'))).toHaveLength(24);
    for (const { id } of jobs) {
      const types = (await world.events(id)).map(({ type }) => type);
      expect(types.filter((type) => FINAL.test(type))).toHaveLength(1);
    }
  });

  it('are asked about once when the bell for them rings many times in both', async () => {
    await world.vendor.fault('hang');
    const job = await running();
    await due([job.id], '0 s');
    for (let i = 0; i < 20; i++) {
      everywhere(checkQueue('pyannote'), job.id);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually('the next one is planned', async () => {
      const { nextCheckAt } = await world.job(job.id);
      return (await questions(job.externalId)) > 0 && Date.parse(nextCheckAt ?? '') > Date.now() + 1_000;
    });
    expect(await questions(job.externalId)).toBe(1);
  });

  it('are settled once when notice and answer come at the same moment', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 8 }, async () => {
        await world.vendor.fault('lose');
        return running();
      }),
    );
    await eventually('all are done at the vendor', async () => {
      const ids = new Set(jobs.map(({ externalId }) => externalId));
      const { jobs: there } = await world.vendor.record();
      return there.filter(({ jobId, status }) => ids.has(jobId) && status === 'succeeded').length === jobs.length;
    });
    await due(
      jobs.map(({ id }) => id),
      '0 s',
    );
    await Promise.all(
      jobs.map(async (job) => {
        everywhere(checkQueue('pyannote'), job.id);
        await world.vendor.sendNotice(job.externalId);
      }),
    );
    for (const { id } of jobs) {
      const job = await world.until(id, 'succeeded');
      expect(job.result?.diarization?.length).toBeGreaterThan(0);
      const [delivery] = await eventually('the notice is closed', async () => {
        const found = (await world.client.get<{ items: { outcome: string }[] }>(`/v1/deliveries?job=${id}`)).body.items;
        return found.length === 1 && found;
      });
      const final = (await world.events(id)).filter(({ type }) => FINAL.test(type));
      expect(final).toHaveLength(1);
      expect(delivery?.outcome).toBe(final[0]?.cause.by === 'notice' ? 'applied' : 'ignored');
    }
  });

  it('are settled once when six people decide at the same moment', async () => {
    await world.vendor.fault('hang');
    const job = await running();
    const wish = { to: 'failed', reason: 'it takes too long' };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => world.client.post(`/v1/jobs/${job.id}/resolve`, wish)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect((await world.events(job.id)).filter(({ type }) => FINAL.test(type))).toHaveLength(1);
  });
});
