import { NotNow, Unavailable, Unclear } from '../../kernel/jobs/provider-errors.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { CALLBACK, VENDOR_ID, aJob, stage } from './testing/stage.js';

const vendor = new LittleVendor();
let baseUrl: string;
const url = 'https://files.example.com/a.wav';

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => {
  vendor.heard.splice(0);
  vendor.answer = () => ({ status: 200, json: { jobId: VENDOR_ID, status: 'created' } });
});

const order = (over: Parameters<typeof aJob>[0] = {}) => aJob({ status: 'submitting', externalId: null, ...over });
const asking = () => Promise.resolve();

describe('handing a diarization to pyannote', () => {
  it('sends what was asked for and the address to call, once', async () => {
    const change = await stage(baseUrl).provider.submit(order({ input: { url, numSpeakers: 2 } }), asking);
    expect(change).toEqual({ to: 'running', externalId: VENDOR_ID, phase: 'created' });
    expect(vendor.heard).toMatchObject([{ method: 'POST', url: '/v1/diarize' }]);
    expect(vendor.heard[0]?.body).toEqual({ url, numSpeakers: 2, webhook: CALLBACK });
  });

  it('gives no address when the job is settled by asking', async () => {
    await stage(baseUrl).provider.submit(order({ callbackUrl: null, input: { url, confidence: true } }), asking);
    expect(vendor.heard[0]?.body).toEqual({ url, confidence: true });
  });

  it.each(['confidence', 'speechProbability', 'crosstalkProbability', 'speakerProbability'])(
    'asks for the status only when %s makes the notice huge',
    async (name) => {
      await stage(baseUrl).provider.submit(order({ input: { url, [name]: true } }), asking);
      expect(vendor.heard[0]?.body).toEqual({ url, [name]: true, webhook: CALLBACK, webhookStatusOnly: true });
    },
  );

  it.each(['turnLevelConfidence', 'exclusive', 'transcription'])('lets %s come with the notice', async (name) => {
    await stage(baseUrl).provider.submit(order({ input: { url, [name]: true, confidence: false } }), asking);
    expect(vendor.heard[0]?.body).toEqual({ url, [name]: true, confidence: false, webhook: CALLBACK });
  });

  it('keeps a warning', async () => {
    vendor.answer = () => ({ status: 201, json: { jobId: VENDOR_ID, status: 'created', warning: 'few speakers' } });
    const change = await stage(baseUrl).provider.submit(order(), asking);
    expect(change.note).toEqual({ text: 'pyannote warns: few speakers' });
  });

  it.each([['done'], [null], ['succeeded']])('does not mind the status %p in the answer', async (status) => {
    vendor.answer = () => ({ status: 200, json: { jobId: VENDOR_ID, status } });
    const change = await stage(baseUrl).provider.submit(order(), asking);
    expect(change).toEqual({ to: 'running', externalId: VENDOR_ID });
  });

  it('commits nothing while there is no place in the limit', async () => {
    const { provider, limiter } = stage(baseUrl);
    const committed = jest.fn(asking);
    limiter.full = 500;
    await expect(provider.submit(order(), committed)).rejects.toMatchObject({ afterMs: 500 });
    expect(committed).not.toHaveBeenCalled();
    expect(vendor.heard).toHaveLength(0);
  });

  it('sends nothing when the lease is lost', async () => {
    const lost = () => Promise.reject(new Error('lost'));
    await expect(stage(baseUrl).provider.submit(order(), lost)).rejects.toThrow('lost');
    expect(vendor.heard).toHaveLength(0);
  });

  it.each([
    [429, NotNow],
    [402, Unavailable],
    [500, Unclear],
  ])('never tries again by itself after %d', async (status, kind) => {
    vendor.answer = () => ({ status });
    await expect(stage(baseUrl).provider.submit(order(), asking)).rejects.toBeInstanceOf(kind);
    expect(vendor.heard).toHaveLength(1);
  });

  it('says which key is missing, and what the kernel has to know', () => {
    const { provider } = stage(baseUrl);
    expect(provider.missingKeys()).toEqual([]);
    expect(provider).toMatchObject({
      name: 'pyannote',
      checksPerMinute: 240,
      kinds: ['diarization', 'identification', 'voiceprint'].map((kind) => ({
        kind,
        resubmit: 'never',
        deadline: 86_400_000,
      })),
    });
  });
});
