import { LittleQueue } from './testing/little-queue.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';
import { providerStage } from './testing/provider-stage.js';
import { OUTPUT, REQUEST_ID, REQUEST_PATH, aTraining } from './testing/queue-stage.js';

const vendor = new LittleQueue();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

const COMPLETED: Reply = { status: 200, json: { status: 'COMPLETED', request_id: REQUEST_ID } };
const FAILED: Reply = { status: 200, json: { status: 'COMPLETED', error: 'Unexpected status code: 422' } };
const NO_FACES = [{ loc: ['body', 'images_data_url'], msg: 'no faces found', type: 'value_error' }];

function check(replies: Record<string, Reply>, job = aTraining(), key?: string) {
  vendor.shows(replies);
  return providerStage(baseUrl, key === undefined ? {} : { key }).provider.check(job);
}
const finished = (reply: Reply, job = aTraining()) => check({ '/status': COMPLETED, [REQUEST_ID]: reply }, job);

describe('Asking how a training stands', () => {
  it.each<[object, unknown]>([
    [
      { status: 'IN_QUEUE', queue_position: 3 },
      { to: 'running', phase: 'in_queue' },
    ],
    [
      { status: 'IN_PROGRESS', logs: null },
      { to: 'running', phase: 'in_progress' },
    ],
    [
      { status: 'IN_PROGRESS', logs: [{ message: ' 10%|█ | 250/2500 [00:10<01:30]' }] },
      { to: 'running', phase: 'in_progress', progress: 0.1 },
    ],
    [{ status: 'WAITING' }, null],
    [{ status: null }, null],
  ])('%j → %j', async (json, change) => {
    for (const status of [200, 202]) expect(await check({ '/status': { status, json } })).toEqual(change);
  });

  it('finds the result at its own address, bare or wrapped', async () => {
    expect(await finished({ status: 200, json: OUTPUT })).toEqual({ to: 'succeeded', result: OUTPUT });
    const wrapped = { status: 'COMPLETED', logs: [], response: OUTPUT };
    expect(await finished({ status: 200, json: wrapped })).toEqual({ to: 'succeeded', result: OUTPUT });
    expect(vendor.heard.map(({ url }) => url)).toEqual([`${REQUEST_PATH}/status?logs=1`, REQUEST_PATH]);
  });

  it('follows the addresses that the vendor gave, on its own host only', async () => {
    const facts = { statusUrl: `${baseUrl}/mine/status`, responseUrl: 'https://example.com/stolen' };
    const job = aTraining({ facts });
    await finished({ status: 200, json: OUTPUT }, job);
    expect(vendor.heard.map(({ url }) => url)).toEqual(['/mine/status?logs=1', REQUEST_PATH]);
  });

  it('calls it failed where it is completed with an error, and says why', async () => {
    const why = { status: 422, json: { detail: NO_FACES } };
    expect(await check({ '/status': FAILED, [REQUEST_ID]: why })).toEqual({
      to: 'failed',
      error: { code: 'vendor_failed', message: 'Unexpected status code: 422: images_data_url: no faces found' },
    });
    for (const silent of [{ status: 500 }, { status: 429 }, 'hang up'] as const)
      expect(await check({ '/status': FAILED, [REQUEST_ID]: silent })).toMatchObject({
        error: { message: 'Unexpected status code: 422' },
      });
  });

  it('calls it failed where only the result says so', async () => {
    expect(await finished({ status: 422, json: { detail: NO_FACES } })).toEqual({
      to: 'failed',
      error: { code: 'vendor_failed', message: 'images_data_url: no faces found' },
    });
  });

  it('believes a fault that may be the vendor’s own the second time', async () => {
    const fault = { status: 500, json: { detail: 'Internal Server Error' } };
    const first = await finished(fault);
    expect(first).toMatchObject({
      to: 'running',
      checkAfter: 15,
      facts: { resultFault: true },
    });
    expect(await finished(fault, aTraining({ facts: first?.facts }))).toEqual({
      to: 'failed',
      error: { code: 'vendor_failed', message: 'Internal Server Error' },
    });
    const later = await finished({ status: 200, json: OUTPUT }, aTraining({ facts: first?.facts }));
    expect(later).toEqual({ to: 'succeeded', result: OUTPUT });
  });

  it.each<Reply>([
    { status: 202, json: { status: 'IN_PROGRESS' } },
    { status: 400, json: { detail: 'Request is still in progress' } },
    { status: 502, text: '<html>' },
  ])('asks again where the result is not there yet: %j', async (reply) => {
    expect(await finished(reply)).toEqual({ to: 'running', checkAfter: 15 });
  });

  it.each<Reply>([{ status: 404 }, { status: 200, json: {} }, { status: 200, text: 'null' }])(
    'never makes an empty success of a result that is gone: %j',
    async (reply) => {
      const change = await finished(reply);
      expect(change).toMatchObject({ to: 'succeeded', facts: { vendorStatus: 'succeeded' } });
      expect(change).not.toHaveProperty('result');
    },
  );

  it('fails, and says where the result is, when that is too large', async () => {
    const change = await finished({ status: 200, text: `"${'x'.repeat(34 * 1_024 ** 2)}"` });
    expect(change).toMatchObject({ to: 'failed', error: { code: 'result_too_large' } });
    expect(change?.error?.message).toContain(REQUEST_PATH);
  });

  it('notes that the vendor knows no such request, without a move', async () => {
    const note = { text: 'fal knows no request with this id' };
    expect(await check({})).toEqual({ note });
    expect(await check({}, aTraining({ facts: { vendorStatus: 'succeeded' } }))).toMatchObject({
      to: 'succeeded',
      note,
    });
    expect(await check({}, aTraining({ facts: { cancelAccepted: true } }))).toEqual({ to: 'canceled', note });
  });

  it.each<object>([
    { status: 'COMPLETED', error: 'Request was cancelled', error_type: 'client_cancelled' },
    { status: 'COMPLETED', error_type: 'client_cancelled' },
    { status: 'CANCELED' },
  ])('hears that it was canceled: %j', async (json) => {
    expect(await check({ '/status': { status: 200, json } })).toMatchObject({ to: 'canceled' });
  });

  it.each<Reply>([{ status: 500 }, { status: 429 }, { status: 401 }, 'hang up'])('throws at %j', (reply) =>
    expect(check({ '/status': reply })).rejects.toThrow(),
  );

  it('asks nobody without an id, without the trainer, or without the key, and calls that no fault', async () => {
    expect(await check({}, aTraining({ externalId: null }))).toEqual({});
    const adopted = { type: null, trainer: null, inputs: {} };
    expect(await check({}, aTraining({ input: adopted, facts: { trainer: null } }))).toEqual({});
    expect(await check({}, aTraining(), '')).toEqual({});
    const lost = aTraining({ facts: { vendorStatus: 'succeeded' } });
    expect(await check({}, lost, '')).toEqual({ to: 'succeeded', facts: { vendorStatus: 'succeeded' } });
    expect(vendor.heard).toHaveLength(0);
  });
});

describe('Canceling a training', () => {
  const cancel = (replies: Record<string, Reply>, job = aTraining(), key?: string) => {
    vendor.shows(replies);
    return providerStage(baseUrl, key === undefined ? {} : { key }).provider.cancel(job);
  };

  it('leaves the end to the vendor, and looks soon', async () => {
    const change = await cancel({ '/cancel': { status: 202, json: { status: 'CANCELLATION_REQUESTED' } } });
    expect(change).toEqual({ facts: { cancelAccepted: true }, checkAfter: 10 });
    expect(vendor.heard).toMatchObject([{ method: 'PUT', url: `${REQUEST_PATH}/cancel` }]);
  });

  it('comes too late for one that is completed, which is looked at once', async () => {
    const late = { '/cancel': { status: 400, json: { status: 'ALREADY_COMPLETED' } } } as const;
    const replies = { ...late, '/status': COMPLETED, [REQUEST_ID]: { status: 200, json: OUTPUT } };
    expect(await cancel(replies)).toEqual({ to: 'succeeded', result: OUTPUT });
  });

  it('notes that the vendor knows no such request', async () => {
    expect(await cancel({})).toEqual({ note: { text: 'fal knows no request with this id' } });
  });

  it('is tried again by the kernel where nobody could be asked', async () => {
    await expect(cancel({ '/cancel': { status: 503 } })).rejects.toThrow();
    await expect(cancel({}, aTraining(), '')).rejects.toThrow('FAL_KEY');
    expect(await cancel({}, aTraining({ input: {}, facts: { trainer: null } }))).toEqual({
      note: { text: 'fal cannot be asked to cancel: the trainer is not known' },
    });
  });
});
