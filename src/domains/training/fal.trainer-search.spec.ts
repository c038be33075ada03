import { LittleQueue } from './testing/little-queue.js';
import type { Heard, Reply } from '../../kernel/http/testing/little-vendor.js';
import { aNotice, providerStage } from './testing/provider-stage.js';
import { OUTPUT, REQUEST_ID, aTraining } from './testing/queue-stage.js';
import { TRAINERS } from './trainers.js';

const vendor = new LittleQueue();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

const APPS = new Set(TRAINERS.map(({ id }) => id.split('/').slice(0, 2).join('/')));
const KREA = 'fal-ai/flux-krea-trainer';
const ADOPTED = aTraining({ input: { type: null, trainer: null, inputs: {} }, askedAt: null });
const NOT_FOUND: Reply = { status: 404, json: { status: 'NOT_FOUND' } };

const completedAt =
  (app: string) =>
  ({ url }: Heard): Reply => {
    if (url.startsWith(`/${app}/requests/${REQUEST_ID}/status`)) return { status: 200, json: { status: 'COMPLETED' } };
    return url === `/${app}/requests/${REQUEST_ID}` ? { status: 200, json: OUTPUT } : NOT_FOUND;
  };
const provider = (key?: string) => providerStage(baseUrl, key === undefined ? {} : { key }).provider;
const relayed = (body: object, job = ADOPTED) => provider().interpret(aNotice(body, 'fal-relay'), job);
const asked = () => vendor.heard.map(({ url }) => url.split('/requests/')[0]?.slice(1));

describe('A training that was started elsewhere, at a trainer that its relay does not name', () => {
  beforeEach(() => vendor.heard.splice(0));

  it('is believed of the vendor, whatever its relay says: one trainer after the other is asked for it', async () => {
    vendor.answer = completedAt(KREA);
    const change = await relayed({ status: 'failed', error: 'so they say' });
    expect(change).toMatchObject({ to: 'succeeded', result: OUTPUT, facts: { trainer: KREA } });
    const [first, second] = ['fal-ai/flux-lora-portrait-trainer', 'fal-ai/flux-lora-fast-training'];
    expect(asked()).toEqual([first, second, KREA, KREA, KREA]);
  });

  it('is asked about there only, once it was found', async () => {
    vendor.answer = completedAt(KREA);
    const found = { ...ADOPTED, facts: { trainer: KREA } };
    expect(await provider().check(found)).toEqual({ to: 'succeeded', result: OUTPUT });
    expect(new Set(asked())).toEqual(new Set([KREA]));
  });

  it('is found by its check as well, and where it is to be canceled', async () => {
    vendor.answer = completedAt(KREA);
    expect(await provider().check(ADOPTED)).toMatchObject({ to: 'succeeded', facts: { trainer: KREA } });
    vendor.answer = (heard) =>
      heard.method === 'PUT' ? { status: 202, json: { status: 'CANCELLATION_REQUESTED' } } : completedAt(KREA)(heard);
    expect(await provider().cancel(ADOPTED)).toMatchObject({ facts: { trainer: KREA, cancelAccepted: true } });
  });

  it('is its relay’s word where no trainer has it; each is asked once, and none again', async () => {
    vendor.answer = () => NOT_FOUND;
    const change = await relayed({ status: 'completed', result: OUTPUT });
    expect(change).toMatchObject({
      ...{ to: 'succeeded', result: OUTPUT, facts: { trainer: null } },
      note: { text: 'by a relay’s word alone: fal has no request with this id at any trainer' },
    });
    expect(asked()).toEqual([...APPS]);
    vendor.heard.splice(0);
    const known = { ...ADOPTED, facts: { trainer: null } };
    expect(await relayed({ status: 'failed' }, known)).toMatchObject({ to: 'failed' });
    expect(await provider().check(known)).toEqual({});
    expect(vendor.heard).toHaveLength(0);
  });

  it('waits while one of them gives no answer: it may be the one', async () => {
    vendor.answer = ({ url }) => (url.includes('flux-lora-fast-training') ? { status: 503 } : NOT_FOUND);
    await expect(relayed({ status: 'completed', result: OUTPUT })).rejects.toThrow();
    expect(vendor.heard).toHaveLength(2);
  });

  it('costs no question while it goes on, nor without a key', async () => {
    vendor.answer = () => NOT_FOUND;
    expect(await relayed({ status: 'in_progress', progress: 10 })).not.toHaveProperty('facts');
    const alone = await provider('').interpret(aNotice({ status: 'failed' }, 'fal-relay'), ADOPTED);
    expect(alone).toMatchObject({ to: 'failed', note: { text: expect.stringContaining('cannot be asked') as string } });
    expect(vendor.heard).toHaveLength(0);
  });
});
