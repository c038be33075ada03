import { randomUUID } from 'node:crypto';
import type { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { brokenOfTrainings } from './harness/fal-promises.js';
import { Inbox } from './harness/inbox.js';
import { RELAY_TOKEN, relay } from './harness/relay.js';
import { World } from './harness/service.js';
import { QUICK, TrainingOrders } from './harness/training-orders.js';
import type { ModelAnswer, Training } from './harness/training-orders.js';

const KREA = 'fal-ai/flux-krea-trainer';
const SOON = { queued: { ms: 0 }, processing: { ms: 300 } };

describe('A training in trouble', () => {
  let world: World;
  let orders: TrainingOrders;
  let inbox: Inbox;
  const foreign: string[] = [];

  beforeAll(async () => {
    world = await World.create('trainings-trouble', { factor: 0.005 });
    await world.start({ FAL_RELAY_TOKEN: RELAY_TOKEN, FAL_RELAY_TEAM: 'studio' });
    await world.team('studio');
    orders = new TrainingOrders(world);
    inbox = new Inbox(world);
  });

  afterEach(() => world.fal.clearFaults());
  afterAll(() => world.end());

  const end = async (id: string) => {
    await world.until(id);
    const found = (await world.events(id)).find(({ type }) => /\.(succeeded|failed|canceled)$/.test(type));
    return { type: found?.type, ...found?.cause };
  };
  const cancel = (id: string) => world.client.post<Training>(`/v1/jobs/${id}/cancel`);

  it('has its model copied once more when the file was cut off at 90 %', async () => {
    await world.fal.fault('cut-model', { percent: 90 });
    const { id } = await orders.order({ ...QUICK, 'no-config': {} });
    const model = await orders.untilModel(id, 'ready');
    const [lora] = model.files;
    expect(lora).toMatchObject({ role: 'lora', state: 'ready', attempts: 2 });
    const { result } = (await world.job(id)) as unknown as { result: { diffusers_lora_file: { file_size: number } } };
    expect(lora?.size).toBe(result.diffusers_lora_file.file_size);
    expect((await world.events(id)).filter(({ type }) => type === 'model.ready')).toHaveLength(1);
  });

  it('has a model at a private address: it is not fetched, and the job stays succeeded', async () => {
    const { id } = await orders.order({ ...QUICK, 'private-model': { host: '10.0.0.1' } });
    const model = await eventually('its files are given up', async () => {
      const seen = await orders.untilModel(id, 'failed');
      return seen.files.every(({ lastError }) => lastError !== null) && seen;
    });
    for (const file of model.files) expect(file.lastError).toMatch(/private|not allowed|refused/i);
    const job = await eventually('it is given up', async () => {
      const seen = (await world.job(id)) as Training;
      return seen.followUps.some(({ state }) => state === 'gave_up') && seen;
    });
    expect(job.status).toBe('succeeded');
  });

  it('has lost its only webhook: it is settled by asking, which counts as a repair', async () => {
    const before = await world.metric(/^signalbox_repairs_total\{.*kind="training"/);
    const { id } = await orders.order({ ...QUICK, lose: {} });
    expect(await end(id)).toMatchObject({ type: 'training.succeeded', by: 'check', repair: true });
    expect(await world.metric(/^signalbox_repairs_total\{.*kind="training"/)).toBe(before + 1);
  });

  it('has lost the answer to its submit: unconfirmed, never sent again, and settled by its notice', async () => {
    const { id } = await orders.order({ ...SOON, drop: { on: 'submit', taken: true } });
    await world.until(id, ['unconfirmed', 'succeeded']);
    expect(await end(id)).toMatchObject({ type: 'training.succeeded', by: 'notice' });
    expect((await world.events(id)).map(({ type }) => type)).toContain('training.unconfirmed');
    expect(await orders.sent(id)).toBe(1);
    const job = await world.job(id);
    expect((await world.fal.training(job.externalId ?? '')).webhook).toContain(id);
  });

  it('waits while the account is locked, as all of them do, and goes on when it is not', async () => {
    const held = /^signalbox_provider_held\{.*provider="fal"/;
    await world.fal.fault('locked', { times: null });
    const jobs = [await orders.order(QUICK), await orders.order(QUICK), await orders.order(QUICK)];
    await eventually('held', async () => (await world.metric(held)) === 1);
    for (const { id } of jobs) expect(['queued', 'submitting']).toContain((await world.job(id)).status);
    await world.fal.clearFaults();
    for (const { id } of jobs) expect(await end(id)).toMatchObject({ type: 'training.succeeded' });
    for (const { id } of jobs) expect(await orders.sent(id)).toBe(1);
    const said = (await Promise.all(jobs.map(({ id }) => world.events(id)))).flat();
    expect(JSON.stringify(said)).toContain('account locked: User is locked');
  });

  it('is canceled when that was asked for, though fal.ai tells nobody of it', async () => {
    const { id, externalId } = await orders.running({ hang: {} });
    expect(await cancel(id)).toMatchObject({ status: 202, body: { phase: 'canceling' } });
    const ending = await end(id);
    expect(ending).toMatchObject({ type: 'training.canceled', by: 'check' });
    // Nothing leaks: no notice was owed.
    expect(ending).not.toHaveProperty('repair');
    expect(await world.fal.training(externalId)).toMatchObject({ cancelRequested: true, paid: 0 });
  });

  it('is canceled by the notice of that, where one comes', async () => {
    const { id } = await orders.running({ hang: {}, 'notice-of-cancel': {} });
    await cancel(id);
    expect(await end(id)).toMatchObject({ type: 'training.canceled' });
    await eventually('its notice is there', async () => (await inbox.list(`job=${id}`)).length === 1);
  });

  it('that completes after its cancel was asked for is completed', async () => {
    const { id, externalId } = await orders.running({ ...SOON, 'deaf-to-cancel': {} });
    await cancel(id);
    expect(await end(id)).toMatchObject({ type: 'training.succeeded' });
    expect(await world.fal.training(externalId)).toMatchObject({ cancelRequested: true });
    expect((await world.job(id)).result).not.toBeNull();
  });

  it('that is completed with an error has failed, in fal.ai’s own words', async () => {
    const detail = [{ loc: ['body', 'images_data_url'], msg: 'no faces found', type: 'value_error' }];
    for (const isTold of [true, false]) {
      const told = isTold ? QUICK : { ...QUICK, lose: {} };
      const { id } = await orders.order({ ...told, fail: { code: 422, detail } });
      expect(await end(id)).toMatchObject({ type: 'training.failed', ...(isTold ? {} : { by: 'check' }) });
      const { error } = await world.job(id);
      expect(error).toMatchObject({ code: 'vendor_failed' });
      expect(error?.message).toContain('images_data_url: no faces found');
      expect(await orders.modelOf(id)).toBeUndefined();
    }
  });

  it('whose result is gone is no empty success: it is lost, once it was looked for again', async () => {
    const { id } = await orders.order({ ...QUICK, lose: {}, 'result-expired': { code: 404 } });
    expect(await end(id)).toMatchObject({ type: 'training.failed' });
    expect(await world.job(id)).toMatchObject({ error: { code: 'result_lost' }, result: null });
    expect((await world.events(id)).map(({ type }) => type)).toContain('job.result_gone');
  });

  describe('that somebody else has started', () => {
    let studio: ApiClient;
    beforeAll(async () => (studio = world.client.withKey(await world.key(undefined, 'studio'))));

    /** At the vendor under our account, and none of our doing. */
    const startElsewhere = async (trainer: string): Promise<string> => {
      const { queueUrl, key } = world.sandbox.fal;
      const response = await fetch(`${queueUrl}/${trainer}`, {
        method: 'POST',
        headers: { authorization: `Key ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ images_data_url: world.fal.images(), trigger_word: 'inkwash' }),
      });
      const { request_id: requestId } = (await response.json()) as { request_id: string };
      await orders.doneThere(requestId);
      return requestId;
    };
    const jobOf = async (deliveryId: string): Promise<Training> => {
      const { jobId } = await inbox.until(deliveryId, 'applied');
      return (await studio.get<Training>(`/v1/jobs/${jobId}`)).body;
    };

    it('is adopted by its relay’s team, and is what fal.ai says of it, whatever the relay says', async () => {
      const requestId = await startElsewhere(KREA);
      const going = await relay(world, { request_id: requestId, status: 'in_progress', progress: 30 });
      expect(await jobOf(going.deliveryId)).toMatchObject({ externalId: requestId, facts: { origin: 'relay' } });
      const said = await relay(world, { request_id: requestId, status: 'failed', error: 'so they say' });
      await inbox.until(said.deliveryId, 'applied');
      const job = await jobOf(going.deliveryId);
      const { output } = await world.fal.training(requestId);
      expect(job).toMatchObject({ status: 'succeeded', facts: { origin: 'relay', trainer: KREA }, error: null });
      expect(job.result).toEqual(output);
      await eventually('its model is ready', async () => {
        const { items } = (await studio.get<{ items: ModelAnswer[] }>(`/v1/models?job=${job.id}`)).body;
        return items[0]?.state === 'ready';
      });
      expect((await world.client.get(`/v1/models?job=${job.id}`)).body).toMatchObject({ items: [] });
    });

    it('is settled by asking when its relay falls silent', async () => {
      const requestId = await startElsewhere(KREA);
      const { deliveryId } = await relay(world, { request_id: requestId, status: 'in_progress', progress: 30 });
      const { id } = await jobOf(deliveryId);
      await eventually('it is done', async () => {
        const { body } = await studio.get<Training>(`/v1/jobs/${id}`);
        return body.status === 'succeeded' && body.facts.trainer === KREA;
      });
    });

    it('is what its relay says where no trainer of ours has it, and the timeline says so', async () => {
      const result = { diffusers_lora_file: { url: world.fal.images() } };
      const { deliveryId } = await relay(world, { request_id: randomUUID(), status: 'completed', result });
      const job = await jobOf(deliveryId);
      foreign.push(job.id);
      expect(job).toMatchObject({ status: 'succeeded', result, facts: { origin: 'relay', trainer: null } });
      const events = await studio.get(`/v1/jobs/${job.id}/events`);
      expect(JSON.stringify(events.body)).toContain('fal has no request with this id at any trainer');
    });
  });

  it('breaks no promise, whatever happened', async () => {
    expect(await brokenOfTrainings(world, foreign)).toEqual([]);
    // Nothing of fal.ai’s proves what a relay alone has said.
    const [alone = ''] = foreign;
    expect(await brokenOfTrainings(world)).toEqual([expect.stringContaining(alone)]);
  });
});
