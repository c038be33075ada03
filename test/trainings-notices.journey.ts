import { eventually } from './harness/eventually.js';
import { Gate } from './harness/gate.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';
import { QUICK, TrainingOrders } from './harness/training-orders.js';

/** Long enough for the job to be known as running before its notice is there. */
const SOON = { queued: { ms: 0 }, processing: { ms: 300 } };

describe('A notice of fal.ai', () => {
  let world: World;
  let keys: Gate;
  let orders: TrainingOrders;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await World.create('trainings-notices', { factor: 0.02 });
    keys = await new Gate(new URL(world.sandbox.fal.jwksUrl)).open();
    await world.start({ FAL_JWKS_URL: keys.url });
    orders = new TrainingOrders(world);
    inbox = new Inbox(world);
  });

  afterEach(() => world.fal.clearFaults());
  afterAll(async () => {
    await world.end();
    await keys.shut();
  });

  const restart = async (env: Record<string, string> = {}) => {
    await world.stop();
    await world.start({ FAL_JWKS_URL: keys.url, ...env });
  };
  const end = async (id: string) => {
    await world.until(id);
    const found = (await world.events(id)).find(({ type }) => /\.(succeeded|failed|canceled)$/.test(type));
    return { type: found?.type, ...found?.cause };
  };
  const SETTLED = { type: 'training.succeeded', by: 'notice' };
  const refused = (reason: string) =>
    world.metric(new RegExp(`^signalbox_verifications_failed_total.*source="fal".*reason="${reason}"`));
  const statuses = async (requestId: string) =>
    (await world.fal.record()).notices.filter(({ jobId }) => jobId === requestId).map(({ status }) => status);
  const outcomes = async (id: string) => (await inbox.list(`job=${id}`)).map(({ outcome }) => outcome).sort();

  it('is believed after its keys have changed, the old ones gone at once', async () => {
    expect(await end((await orders.order(QUICK)).id)).toMatchObject(SETTLED);
    const { id, externalId } = await orders.running({ ...SOON, 'rotate-key': { drop: true } });
    expect(await end(id)).toMatchObject(SETTLED);
    await eventually('it is answered', async () => (await statuses(externalId)).at(-1) === 200);
  });

  it('is believed by the keys that are known while no others can be had, and comes again if it has new ones', async () => {
    await keys.shut();
    expect(await end((await orders.running(SOON)).id)).toMatchObject(SETTLED);
    const { id, externalId } = await orders.running({ ...SOON, 'rotate-key': { drop: true } });
    await eventually('it was refused', async () => (await statuses(externalId)).includes(401));
    expect((await world.job(id)).status).toBe('running');
    await keys.open();
    expect(await end(id)).toMatchObject(SETTLED);
  });

  it.each([
    ['wrong-key', 'wrong_signature'],
    ['reserialised', 'wrong_signature'],
    ['wrong-user', 'other_account'],
  ])('with the fault %s is refused, and its right one is not', async (fault, reason) => {
    const before = await refused(reason);
    const { id, externalId } = await orders.running({ ...SOON, [fault]: { tries: 1 } });
    expect(await end(id)).toMatchObject(SETTLED);
    await eventually('both are answered', async () => (await statuses(externalId)).join() === '401,200');
    expect(await refused(reason)).toBe(before + 1);
    expect(await outcomes(id)).toEqual(['applied']);
  });

  it.each([
    ['stale-timestamp', 'stale'],
    ['future-timestamp', 'future'],
  ])('with the fault %s is refused, and has its job checked at once', async (fault, reason) => {
    const before = await refused(reason);
    // It would be asked about in an hour.
    const { id } = await orders.running({ ...SOON, [fault]: { seconds: 1_000 } });
    expect(await end(id)).toMatchObject({ type: 'training.succeeded', by: 'check', repair: true });
    expect(await refused(reason)).toBeGreaterThan(before);
    expect(await outcomes(id)).toEqual([]);
  });

  it('that names one request in its header and another in its body is kept, and touches none', async () => {
    const other = await orders.running({ hang: {} });
    const body = { request_id: other.externalId, status: 'OK', payload: { diffusers_lora_file: { url: 'x' } } };
    const { id } = await orders.running({ ...SOON, 'extra-notice-body': { body, instead: true } });
    const torn = await eventually('it is kept', async () => (await inbox.list('outcome=mismatch'))[0]);
    expect(torn.detail).toContain(other.externalId);
    for (const job of [id, other.id]) expect((await world.job(job)).status).toBe('running');
  });

  it('is about the request that it names, whatever the id of the last try inside fal.ai is', async () => {
    const { id } = await orders.order({ ...QUICK, 'other-gateway': {} });
    expect(await end(id)).toMatchObject(SETTLED);
  });

  it('counts once, however often it comes at once', async () => {
    const { id } = await orders.order({ ...QUICK, duplicate: { copies: 5, parallel: true } });
    expect(await end(id)).toMatchObject(SETTLED);
    const [kept] = await inbox.list(`job=${id}`);
    await eventually('all six', async () => (await inbox.delivery(kept?.id ?? '')).repeats === 5);
    expect(await outcomes(id)).toEqual(['applied']);
    expect((await world.events(id)).filter(({ type }) => type === 'training.succeeded')).toHaveLength(1);
  });

  it('of a second completion with another result is kept and ignored: the first one stays', async () => {
    const { id } = await orders.order({ ...QUICK, contradict: {} });
    expect(await end(id)).toMatchObject(SETTLED);
    await eventually('both are closed', async () => (await outcomes(id)).join() === 'applied,ignored');
    const [applied] = (await inbox.list(`job=${id}`)).filter(({ outcome }) => outcome === 'applied');
    const { bodyText } = await inbox.delivery(applied?.id ?? '');
    const { payload } = JSON.parse(bodyText ?? '') as { payload: object };
    expect((await world.job(id)).result).toEqual(payload);
  });

  it('that says OK and could not carry the output has it fetched', async () => {
    const { id } = await orders.order({ ...QUICK, 'payload-missing': {} });
    expect(await end(id)).toMatchObject(SETTLED);
    const job = await world.job(id);
    expect(job.result).toEqual((await world.fal.training(job.externalId ?? '')).output);
  });

  it('that overtakes the answer to the submit settles the job, which was sent once', async () => {
    const { id } = await orders.order({ ...QUICK, 'before-answer': {}, slow: { ms: 1_200, on: 'submit' } });
    expect(await end(id)).toMatchObject(SETTLED);
    const submits = /^signalbox_submits_total.*provider="fal".*outcome="overtaken"/;
    await eventually('the answer came', async () => (await world.metric(submits)) > 0);
    const job = await world.job(id);
    expect((await world.fal.training(job.externalId ?? '')).webhook).toContain(id);
    expect(await orders.sent(id)).toBe(1);
    await orders.untilModel(id, 'ready');
  });

  it('waits outside until the keys can be had for the first time', async () => {
    await keys.shut();
    await restart();
    const { id, externalId } = await orders.running(SOON);
    await eventually('it is sent away', async () => (await statuses(externalId)).includes(503));
    expect(await outcomes(id)).toEqual([]);
    await keys.open();
    expect(await end(id)).toMatchObject(SETTLED);
  });

  it('is not asked for without FAL_USER_ID: whose it is could not be told', async () => {
    await restart({ FAL_USER_ID: '' });
    const { id } = await orders.order(QUICK);
    expect(await end(id)).toMatchObject({ type: 'training.succeeded', by: 'check' });
    const job = await world.job(id);
    expect((await world.fal.training(job.externalId ?? '')).webhook).toBeNull();
    const answer = await fetch(new URL('/webhooks/fal', world.url), { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
  });
});
