import { createHash } from 'node:crypto';
import { picture } from '../src/domains/training/testing/pictures.js';
import { makeEndpoint } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { OLD_ADDRESS, RELAY_TOKEN, relay } from './harness/relay.js';
import { World } from './harness/service.js';
import { Subscriber, verified } from './harness/subscriber.js';
import type { Message } from './harness/subscriber.js';
import { QUICK, TrainingOrders } from './harness/training-orders.js';
import type { Training } from './harness/training-orders.js';
import { upload } from './harness/upload.js';

const LOST = { ...QUICK, lose: {} };
const FAILS = { ...LOST, fail: { code: 422, detail: 'no faces found' } };

type Row = [word: unknown, under: string, faults: Record<string, Record<string, unknown>>, becomes: object];

const SUCCEEDS = { status: 'succeeded', result: { diffusers_lora_file: expect.anything() as unknown } };
const FAILED = {
  status: 'failed',
  error: { code: 'vendor_failed', message: expect.stringContaining('no faces') as string },
};
const RUNS = { status: 'running', phase: 'in_progress', progress: 0.4 };

/** What a relay says, under which name it has the result, how it really stands, and what becomes of the job. */
const KNOWN: Row[] = [
  ['completed', 'result', LOST, SUCCEEDS],
  ['Completed', 'output', LOST, SUCCEEDS],
  ['COMPLETED', 'response', LOST, SUCCEEDS],
  ['OK', 'result', LOST, SUCCEEDS],
  ['failed', 'output', FAILS, FAILED],
  ['Failed', 'result', FAILS, FAILED],
  ['ERROR', 'response', FAILS, FAILED],
  ['in_progress', 'result', { hang: {} }, RUNS],
  ['IN_PROGRESS', 'output', { hang: {} }, RUNS],
];
const UNKNOWN: unknown[] = ['done', 'COMPLETE D', 'paused', '', null, 5, undefined];

describe('A training from its order to its model', () => {
  let world: World;
  let orders: TrainingOrders;
  let inbox: Inbox;
  let subscriber: Subscriber;

  beforeAll(async () => {
    world = await (await World.create('trainings', { factor: 0.02 })).start();
    orders = new TrainingOrders(world);
    inbox = new Inbox(world);
    subscriber = await Subscriber.start();
  });

  afterAll(async () => {
    await subscriber.down();
    await world.end();
  });

  const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  it('is sent once, settled by fal.ai’s own notice, and kept as a model that is told of', async () => {
    const endpoint = await makeEndpoint(world.client, subscriber.url, { types: ['training.succeeded', 'model.ready'] });
    const key = await world.key(['files:write', 'jobs:read', 'jobs:write']);
    const files = [];
    for (const n of [1, 2, 3, 4]) {
      const sent = await upload(world.url, key, await picture('jpeg', n), { query: `?name=${n}.jpg` });
      files.push(sent.body.id);
    }
    const { id } = await orders.order(
      {},
      { files, url: undefined, triggerWord: 'annaphoto', labels: { person: 'anna' } },
    );
    const job = (await world.until(id, 'succeeded')) as Training;
    const there = await world.fal.training(job.externalId ?? '');
    expect(there).toMatchObject({ endpoint: 'fal-ai/flux-lora-portrait-trainer', images: 4, paid: 6 });
    expect(job.result).toEqual(there.output);
    expect(await orders.sent(id)).toBe(1);
    const events = await world.events(id);
    const moves = events.map(({ type }) => type).filter((type) => /queued|submitting|running|succeeded/.test(type));
    expect(moves).toEqual(['training.queued', 'training.submitting', 'training.running', 'training.succeeded']);
    expect(events.find(({ type }) => type === 'training.succeeded')?.cause).toMatchObject({ by: 'notice' });
    const [delivery] = await inbox.list(`job=${id}`);
    expect(delivery).toMatchObject({ source: 'fal', outcome: 'applied' });

    const model = await orders.untilModel(id, 'ready');
    expect(model.files.map(({ role }) => role).sort()).toEqual(['config', 'lora']);
    for (const { role, sha256, size, links } of model.files) {
      const url = (there.output?.[role === 'lora' ? 'diffusers_lora_file' : 'config_file'] as { url: string }).url;
      const [theirs, ours] = [
        await fetch(url),
        await fetch(new URL(links.content, world.url), { headers: { authorization: `Bearer ${key}` } }),
      ];
      const bytes = Buffer.from(await ours.arrayBuffer());
      expect(bytes.equals(Buffer.from(await theirs.arrayBuffer()))).toBe(true);
      expect([hex(bytes), bytes.length]).toEqual([sha256, size]);
    }
    const received = await subscriber.until('both messages', (all) => all.length >= 2);
    const told = received.map((one) => verified(one, endpoint.secret));
    const of = (type: string) =>
      told.find((message) => message.type === type) as Message & { data: { model?: object } };
    expect(of('training.succeeded').data.job).toMatchObject({ id, labels: { person: 'anna' } });
    expect(of('model.ready').data.model).toMatchObject({ id: model.id, state: 'ready', triggerWord: 'annaphoto' });
  });

  it('shows how far it is by the vendor’s log: never back, and never done before it is', async () => {
    const { id } = await orders.order({ queued: { ms: 0 }, processing: { ms: 1_200 } }, { webhook: false });
    const seen: number[] = [];
    await eventually('it is done', async () => {
      const { progress, status } = (await world.job(id)) as Training;
      if (status === 'running' && progress !== null) seen.push(progress);
      return status === 'succeeded';
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(1);
    for (const progress of seen) expect(progress > 0 && progress < 1).toBe(true);
    expect((await world.events(id)).find(({ type }) => type === 'training.succeeded')?.cause).toMatchObject({
      by: 'check',
    });
  });

  it('has no address for relays while there is neither a secret nor a token for them', async () => {
    for (const to of [OLD_ADDRESS, '/webhooks/fal-relay']) {
      expect((await relay(world, { request_id: 'r', status: 'completed' }, to)).status).toBe(404);
    }
    await world.stop();
    await world.start({ FAL_RELAY_TOKEN: RELAY_TOKEN });
    expect((await relay(world, { request_id: 'r', status: 'nothing that we know' })).status).toBe(200);
  });

  describe('in the words of a relay, at the address of the original', () => {
    const jobs: (Training & { externalId: string })[] = [];
    const rows = [...KNOWN.map(([, , faults]) => faults), ...UNKNOWN.map(() => ({ hang: {} }))];

    beforeAll(async () => {
      jobs.push(...(await Promise.all(rows.map((faults) => orders.running(faults)))));
      const ended = KNOWN.flatMap(([, , faults], n) => ('hang' in faults ? [] : [jobs[n]?.externalId ?? '']));
      for (const requestId of ended) await orders.doneThere(requestId);
    });

    const job = (n: number) => jobs[n] as Training & { externalId: string };

    it.each(KNOWN.map((row, n) => [...row, n] as const))('%j with its %s', async (status, under, _, becomes, n) => {
      const { id, externalId } = job(n);
      const told = {
        request_id: externalId,
        status,
        progress: 40,
        [under]: { diffusers_lora_file: { url: 'theirs' } },
      };
      const { deliveryId } = await relay(world, told);
      expect(await inbox.until(deliveryId, 'applied')).toMatchObject({ jobId: id, source: 'fal-relay' });
      const now = (await world.job(id)) as Training;
      expect(now).toMatchObject(becomes);
      // The result is fal.ai’s own: a relay’s word is a hint where the vendor can be asked.
      expect(JSON.stringify(now.result ?? null)).not.toContain('theirs');
    });

    it.each(UNKNOWN.map((word, n) => [word, KNOWN.length + n] as const))(
      '%j changes nothing, is kept, and fal.ai is asked at once',
      async (status, n) => {
        const { id, externalId } = job(n);
        const before = await world.job(id);
        const asked = await orders.asked(externalId);
        const { deliveryId } = await relay(world, { request_id: externalId, status, result: { a: 1 } });
        const kept = await inbox.until(deliveryId, 'unrecognized');
        expect(JSON.parse(kept.bodyText ?? '')).toMatchObject({ request_id: externalId });
        await eventually('fal.ai is asked', async () => (await orders.asked(externalId)) > asked);
        const { status: now, result, error } = await world.job(id);
        expect([now, result, error]).toEqual([before.status, before.result, before.error]);
      },
    );

    it('completed before in_progress: it has ended, and stays so', async () => {
      const { id, externalId } = job(0);
      const before = await world.job(id);
      const { deliveryId } = await relay(world, { request_id: externalId, status: 'in_progress', progress: 60 });
      await inbox.until(deliveryId, 'ignored');
      expect(await world.job(id)).toEqual(before);
    });

    it('failed, while fal.ai says completed: it is completed, for a relay only gives a hint', async () => {
      const { id, externalId } = await orders.running(LOST);
      await orders.doneThere(externalId);
      const { deliveryId } = await relay(world, { request_id: externalId, status: 'failed', error: 'so they say' });
      expect(await inbox.until(deliveryId, 'applied')).toMatchObject({ jobId: id });
      expect(await world.job(id)).toMatchObject({ status: 'succeeded', error: null });
    });
  });

  it('is what its relay says where fal.ai cannot be asked, under each name of the result', async () => {
    await world.stop();
    await world.start({ FAL_RELAY_TOKEN: RELAY_TOKEN, FAL_KEY: '' });
    const lora = { diffusers_lora_file: { url: 'https://files.example.com/lora.safetensors' } };
    const adopted = async (requestId: string, ...told: object[]) => {
      const sent = [];
      for (const body of told) sent.push((await relay(world, { request_id: requestId, ...body })).deliveryId);
      for (const id of sent) await inbox.until(id, 'applied');
      return (await inbox.delivery(sent[0] ?? '')).jobId ?? '';
    };
    for (const under of ['result', 'output', 'response']) {
      const id = await adopted(
        `alone-${under}`,
        { status: 'in_progress', progress: 20 },
        { status: 'Completed', [under]: lora },
      );
      expect(await world.job(id)).toMatchObject({ status: 'succeeded', result: lora, facts: { origin: 'relay' } });
      const events = await world.events(id);
      expect(JSON.stringify(events)).toContain('by a relay’s word alone');
    }
    const failed = await adopted('alone-failed', { status: 'FAILED', error: 'no faces found' });
    expect(await world.job(failed)).toMatchObject({ status: 'failed', error: { message: 'no faces found' } });
  });
});
