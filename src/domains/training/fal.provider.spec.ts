import { NotNow, Refused, Unavailable, Unclear } from '../../kernel/jobs/provider-errors.js';
import { LittleQueue } from './testing/little-queue.js';
import { ZIP, providerStage } from './testing/provider-stage.js';
import { CALLBACK, JOB_ID, REQUEST_ID, REQUEST_PATH, TRAINER, aTraining } from './testing/queue-stage.js';

const vendor = new LittleQueue();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => {
  vendor.heard.splice(0);
  vendor.answer = () => ({ status: 200, json: { status: 'IN_QUEUE', request_id: REQUEST_ID } });
});

const order = (over: Parameters<typeof aTraining>[0] = {}) =>
  aTraining({ status: 'submitting', externalId: null, ...over });
const asking = () => Promise.resolve();

describe('Handing a training to fal', () => {
  it('sends the inputs as they are kept, and the images under the trainer’s name for them', async () => {
    const { provider, neighbours } = providerStage(baseUrl);
    const change = await provider.submit(order(), asking);
    const request = `${baseUrl}${REQUEST_PATH}`;
    expect(change).toEqual({
      ...{ to: 'running', externalId: REQUEST_ID, phase: 'in_queue' },
      facts: { statusUrl: `${request}/status`, responseUrl: request, cancelUrl: `${request}/cancel` },
    });
    expect(vendor.heard).toMatchObject([
      { method: 'POST', url: `/${TRAINER}?fal_webhook=${encodeURIComponent(CALLBACK)}` },
    ]);
    expect(vendor.heard[0]?.body).toEqual({ steps: 2_500, images_data_url: ZIP });
    expect(neighbours.forgotten).toEqual([JOB_ID]);
  });

  it('is told of it by whom it can believe only: by nobody without FAL_USER_ID', () => {
    expect(providerStage(baseUrl).provider.isTold()).toBe(false);
    expect(providerStage(baseUrl, { userId: 'user-1' }).provider.isTold()).toBe(true);
  });

  it('uses the whole id of the trainer to submit, and its first two parts to ask', async () => {
    const input = { trainer: 'fal-ai/flux-2-trainer/edit', inputs: {} };
    const change = await providerStage(baseUrl).provider.submit(order({ input, callbackUrl: null }), asking);
    expect(vendor.heard[0]).toMatchObject({ url: '/fal-ai/flux-2-trainer/edit', body: { image_data_url: ZIP } });
    expect(change.facts?.statusUrl).toBe(`${baseUrl}/fal-ai/flux-2-trainer/requests/${REQUEST_ID}/status`);
  });

  it('notes an address that leads elsewhere, and does not keep it', async () => {
    const json = { request_id: REQUEST_ID, status_url: 'https://example.com/status' };
    vendor.answer = () => ({ status: 200, json });
    const change = await providerStage(baseUrl).provider.submit(order(), asking);
    expect(change.note?.text).toContain('example.com');
    expect(JSON.stringify(change.facts)).not.toContain('example.com');
  });

  it('has its images ready before anybody commits to asking', async () => {
    const { provider, neighbours } = providerStage(baseUrl);
    const steps: string[] = [];
    neighbours.addressOf = () => Promise.resolve(ZIP).finally(() => steps.push('images'));
    vendor.answer = () => {
      steps.push('sent');
      return { status: 200, json: { request_id: REQUEST_ID } };
    };
    const committed = () => Promise.resolve().finally(() => steps.push('asking'));
    await provider.submit(order(), committed);
    expect(steps).toEqual(['images', 'asking', 'sent']);
  });

  it('asks nobody without images, without a trainer, or without the lease', async () => {
    const { provider, neighbours } = providerStage(baseUrl);
    const lost = () => Promise.reject(new Error('lost'));
    await expect(provider.submit(order(), lost)).rejects.toThrow('lost');
    const gone = order({ input: { trainer: 'fal-ai/gone' } });
    await expect(provider.submit(gone, asking)).rejects.toBeInstanceOf(Refused);
    neighbours.addressOf = () => Promise.reject(new NotNow(5));
    await expect(provider.submit(order(), asking)).rejects.toBeInstanceOf(NotNow);
    expect(vendor.heard).toHaveLength(0);
  });

  it.each([
    [429, NotNow],
    [401, Unavailable],
    [422, Refused],
    [500, Unclear],
    [200, Unclear],
  ])('never tries again by itself after %d', async (status, kind) => {
    vendor.answer = () => ({ status });
    await expect(providerStage(baseUrl).provider.submit(order(), asking)).rejects.toBeInstanceOf(kind);
    expect(vendor.heard).toHaveLength(1);
  });

  it('says which key is missing, and what the kernel has to know', () => {
    expect(providerStage(baseUrl).provider.missingKeys()).toEqual([]);
    const { provider } = providerStage(baseUrl, { key: '' });
    expect(provider.missingKeys()).toEqual(['FAL_KEY']);
    expect(provider).toMatchObject({ name: 'fal', follows: ['training.succeeded'], kinds: [{ kind: 'training' }] });
  });
});

it('keeps the model of a finished training', async () => {
  const { provider, neighbours } = providerStage(baseUrl);
  await provider.after(aTraining({ status: 'succeeded' }));
  expect(neighbours.kept).toEqual([JOB_ID]);
});
