import { createHash, randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { timeOfId } from '../src/kernel/webhooks/delivery-key.js';
import { InboxWriter } from '../src/kernel/webhooks/inbox-writer.js';
import type { InboxRow } from '../src/kernel/webhooks/inbox-writer.js';
import type { Service } from '../src/serve.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';

const TURNS = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1.5 }] };
const FINAL = /\.(succeeded|failed|canceled)$/;

describe('Notices that race', () => {
  let world: World;
  let inbox: Inbox;
  let beside: Service;

  beforeAll(async () => {
    world = await (await World.create('races notices')).start();
    // A second process beside the first one, on the same database.
    beside = world.service as Service;
    await world.start();
    inbox = new Inbox(world);
  });

  afterAll(async () => {
    await beside.stop();
    await world.end();
  });

  const hanging = async () => {
    await world.vendor.fault('hang');
    const job = await world.until((await world.diarize()).id, 'running');
    await world.db.execute(`update jobs set check_at = now() + interval '1 h' where id = $1`, [job.id]);
    return { ...job, externalId: job.externalId ?? '' };
  };
  const finals = async (id: string) => (await world.events(id)).filter(({ type }) => FINAL.test(type));
  /** The same address at the process beside. */
  const atTheOther = (url: string) => url.replace(new URL(url).origin, beside.url);

  it('are applied once and counted 49 times when the same one comes 50 times at once, to two processes', async () => {
    const job = await hanging();
    const to = await inbox.addressOf(job.id);
    const body = { jobId: job.externalId, status: 'succeeded', output: TURNS };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => inbox.send(body, { to: i % 2 === 0 ? to : atTheOther(to) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(answers.filter((answer) => !answer.body.duplicate)).toHaveLength(1);
    const ids = new Set(answers.map((answer) => answer.body.deliveryId));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect(await inbox.until(id, 'applied')).toMatchObject({ jobId: job.id, repeats: 49, attempts: 1 });
    expect(await world.job(job.id)).toMatchObject({ status: 'succeeded', result: TURNS });
    expect(await finals(job.id)).toEqual([expect.objectContaining({ cause: { by: 'notice', delivery: id } })]);
    expect(await inbox.list(`job=${job.id}`)).toHaveLength(1);
  });

  it('are applied once when the vendor itself sends five more at the same moment', async () => {
    await world.vendor.fault('duplicate', { copies: 5, parallel: true });
    const { id } = await world.diarize();
    await world.until(id, 'succeeded');
    const [delivery] = await inbox.list(`job=${id}`);
    await eventually('all six', async () => (await inbox.delivery(delivery?.id ?? '')).repeats === 5);
    expect(await finals(id)).toHaveLength(1);
  });

  it('move the job once when the vendor says succeeded and failed at the same moment', async () => {
    await world.vendor.fault('contradict');
    const { id } = await world.diarize();
    await world.until(id, ['succeeded', 'failed']);
    await eventually('both are closed', async () => (await inbox.list(`job=${id}`)).length === 2);
    expect((await inbox.list(`job=${id}`)).map(({ outcome }) => outcome).sort()).toEqual(['applied', 'ignored']);
    expect(await finals(id)).toHaveLength(1);
  });

  it('move the job once, whoever wins, each time that two final words race', async () => {
    const jobs = await Promise.all(Array.from({ length: 6 }, hanging));
    await Promise.all(
      jobs.flatMap((job) =>
        ['canceled', 'failed', 'succeeded'].map(async (status, i) => {
          const to = await inbox.addressOf(job.id);
          const output = status === 'succeeded' ? { output: TURNS } : {};
          return inbox.send({ jobId: job.externalId, status, ...output }, { to: i === 1 ? to : atTheOther(to) });
        }),
      ),
    );
    for (const job of jobs) {
      await eventually('all three are closed', async () => (await inbox.list(`job=${job.id}`)).length === 3);
      const outcomes = (await inbox.list(`job=${job.id}`)).map(({ outcome }) => outcome).sort();
      expect(outcomes).toEqual(['applied', 'ignored', 'ignored']);
      const [only, ...more] = await finals(job.id);
      expect(more).toEqual([]);
      expect(only?.type).toBe(`diarization.${(await world.job(job.id)).status}`);
    }
  });

  it('settle the job before the answer to its own submit, which then moves nothing', async () => {
    await world.vendor.fault('before-answer');
    await world.vendor.fault('slow', { ms: 300 });
    const { id } = await world.diarize();
    const job = await world.until(id, 'succeeded');
    const submits = /^signalbox_submits_total.*outcome="overtaken"/;
    await eventually('the answer came', async () => (await world.metric(submits)) + (await metricBeside(submits)) > 0);
    expect(await world.job(id)).toEqual(job);
    const [sent] = (await world.vendor.record()).jobs.filter((one) => one.request.webhook?.includes(id));
    expect(job.externalId).toBe(sent?.jobId);
    expect((await world.events(id)).map(({ type }) => type)).toEqual([
      'diarization.queued',
      'diarization.submitting',
      'diarization.succeeded',
    ]);
  });

  const metricBeside = async (line: RegExp) => {
    const text = await (await fetch(`${beside.url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((one) => line.test(one))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };

  it('wait for our own commit when all they say is a vendor id that we have not saved yet', async () => {
    await world.vendor.fault('hang');
    await world.vendor.fault('slow', { ms: 300 });
    const { id } = await world.diarize();
    const vendorId = await eventually(
      'the vendor has it',
      async () => (await world.vendor.record()).jobs.find((one) => one.request.webhook?.includes(id))?.jobId,
    );
    const delivery = await inbox.sendWell({ jobId: vendorId, status: 'succeeded', output: TURNS }, { to: '/webhook' });
    await inbox.until(delivery, 'waiting');
    expect((await world.job(id)).status).toBe('submitting');
    await world.until(id, 'succeeded');
    expect(await inbox.delivery(delivery)).toMatchObject({ outcome: 'applied', jobId: id });
  });

  it.each<[string, Partial<InboxRow>]>([
    ['an id with NUL', { deliveryId: 'with\0nul' }],
    ['headers that are no JSON', { headers: '{"broken"' }],
    ['ids that jsonb does not take', { refs: '["\\u0000"]' }],
  ])('are kept, all 50 of one group, when one more among them has %s: it alone is refused', async (_what, fault) => {
    const writer = world.app.get(InboxWriter);
    const good = Array.from({ length: 50 }, () => row(randomUUID()));
    const all = [...good.slice(0, 25), { ...row(randomUUID()), ...fault }, ...good.slice(25)];
    const settled = await Promise.allSettled(all.map((one) => writer.add(one)));
    expect(settled.flatMap((one, i) => (one.status === 'rejected' ? [i] : []))).toEqual([25]);
    const [stored] = await world.db.query<{ count: number }>(
      `select count(*)::int as count from deliveries where delivery_id = any($1)`,
      [all.map((one) => one.deliveryId.replace('\0', ''))],
    );
    expect(stored?.count).toBe(50);
  });

  const row = (deliveryId: string): InboxRow => {
    const id = uuidv7();
    const body = Buffer.from(`{"jobId":"${randomUUID()}","status":"succeeded"}`);
    return {
      id,
      receivedAt: timeOfId(id),
      source: 'pyannote',
      provider: 'pyannote',
      deliveryId,
      refs: '[]',
      callbackJob: null,
      address: '127.0.0.1',
      headers: '{}',
      body,
      bodySha: createHash('sha256').update(body).digest(),
      retryNumber: null,
      retryReason: null,
    };
  };

  it('are kept on a day whose partition is missing, which is made on the way', async () => {
    const today = `deliveries_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    await world.db.execute(`drop table ${today}`);
    const sent = Array.from({ length: 20 }, (_, i) => {
      const to = i % 2 === 0 ? undefined : `${beside.url}/webhooks/pyannote`;
      return inbox.send({ jobId: randomUUID(), status: 'succeeded' }, { to });
    });
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    for (const { body } of answers) await inbox.until(body.deliveryId, 'waiting');
  });
});
