import type { FieldError } from '../../kernel/http/problem.js';
import { DIARIZATION_OPTIONS } from './diarization.kind.js';
import { LittleVendor } from './testing/little-vendor.js';
import { faultsOf, orderOf, url } from './testing/ordering.js';
import { VENDOR_ID, aJob, stage } from './testing/stage.js';

/** Every option that the vendor documents for a diarization, with all that its table says of it. */
const FLAG = { type: 'boolean', default: false, sample: true, bad: ['true', 1, {}] };
const COUNT = { type: 'number', default: null, sample: 2, bad: [0, -1, 1.5, '2', true, [2], Number.MAX_VALUE * 2] };
const OPTIONS: Record<string, { type: string; default: unknown; sample: unknown; bad: unknown[]; with?: object }> = {
  url: { type: 'string', default: undefined, sample: 'media://a-b_c/d.wav', bad: [null, '', 7, {}, ['https://a.b']] },
  model: { type: 'string', default: 'precision-2', sample: 'precision-3', bad: ['', 7, {}, 'x'.repeat(101)] },
  numSpeakers: COUNT,
  minSpeakers: COUNT,
  maxSpeakers: COUNT,
  turnLevelConfidence: FLAG,
  exclusive: FLAG,
  confidence: FLAG,
  speechProbability: FLAG,
  crosstalkProbability: FLAG,
  speakerProbability: FLAG,
  transcription: FLAG,
  transcriptionConfig: {
    type: 'object',
    default: undefined,
    sample: { model: 'faster-whisper-large-v3-turbo' },
    bad: ['whisper', 7, [], [{ model: 'm' }], { model: 7 }, { model: '' }, { size: 'large' }],
    with: { transcription: true },
  },
};

describe('the options of a diarization', () => {
  const vendor = new LittleVendor();
  let baseUrl: string;
  beforeAll(async () => (baseUrl = await vendor.start()));
  afterAll(() => vendor.stop());

  /** What the vendor hears of a body that a caller sent. */
  async function heardOf(body: object): Promise<unknown> {
    const { input } = await orderOf(body);
    vendor.heard.splice(0);
    vendor.answer = () => ({ status: 200, json: { jobId: VENDOR_ID, status: 'created' } });
    // As it comes back from the database.
    const job = aJob({ input: JSON.parse(JSON.stringify(input)) as Record<string, unknown>, callbackUrl: null });
    await stage(baseUrl).provider.submit(job, () => Promise.resolve());
    return vendor.heard[0]?.body;
  }

  it('are all in the table, and no others', () => {
    expect(Object.keys(OPTIONS).sort()).toEqual([...DIARIZATION_OPTIONS].sort());
  });

  describe.each(Object.entries(OPTIONS))('%s', (name, option) => {
    it('is sent exactly under the vendor’s name', async () => {
      const body = { url, ...option.with, [name]: option.sample };
      expect(await heardOf(body)).toEqual(body);
    });

    it('is sent with its default when the caller says so, and not sent when nobody does', async () => {
      if (option.default != null) expect(await heardOf({ url, [name]: option.default })).toHaveProperty(name);
      expect(await heardOf(name === 'url' ? { url } : { url, [name]: null })).toEqual({ url });
    });

    it.each(option.bad.map((bad) => [bad]))('is refused as %j', async (bad) => {
      const faults = await faultsOf({ url, ...option.with, [name]: bad });
      expect(faults.length).toBeGreaterThan(0);
      for (const { field, detail } of faults) {
        expect(field.startsWith(name)).toBe(true);
        expect(detail).toMatch(/^(must|is|has|unknown)/);
      }
    });
  });

  it('are all sent together', async () => {
    const samples = Object.fromEntries(Object.entries(OPTIONS).map(([name, { sample }]) => [name, sample]));
    expect(await heardOf(samples)).toEqual(samples);
  });

  it('of false are sent, since the caller said so', async () => {
    expect(await heardOf({ url, exclusive: false })).toEqual({ url, exclusive: false });
  });

  it.each([[{ model: null }], [{}]])('with nothing in them (%j) are not sent', async (transcriptionConfig) => {
    expect(await heardOf({ url, transcription: true, transcriptionConfig })).toEqual({ url, transcription: true });
  });

  it('that are unknown are refused by name', async () => {
    const detail = 'unknown field; remove it';
    expect(await faultsOf({ url, numSpeaker: 2 })).toEqual([{ field: 'numSpeaker', detail }]);
    expect(await faultsOf({ url, webhookStatusOnly: true })).toEqual([{ field: 'webhookStatusOnly', detail }]);
    const nested = { url, transcription: true, transcriptionConfig: { size: 1 } };
    expect(await faultsOf(nested)).toEqual([{ field: 'transcriptionConfig.size', detail }]);
  });

  it.each<[object, FieldError[]]>([
    [
      { minSpeakers: 3, maxSpeakers: 2 },
      [
        { field: 'minSpeakers', detail: 'must not be greater than maxSpeakers' },
        { field: 'maxSpeakers', detail: 'must not be less than minSpeakers' },
      ],
    ],
    [{ minSpeakers: 2, maxSpeakers: 2, numSpeakers: 2 }, []],
    [{ minSpeakers: null, maxSpeakers: 2 }, []],
    [{ numSpeakers: 5, maxSpeakers: 4 }, [{ field: 'numSpeakers', detail: 'must not be greater than maxSpeakers' }]],
    [{ numSpeakers: 1, minSpeakers: 2 }, [{ field: 'numSpeakers', detail: 'must not be less than minSpeakers' }]],
    [
      { model: 'community-1', transcription: true },
      [{ field: 'transcription', detail: 'needs the model precision-2; community-1 has none' }],
    ],
    [{ model: 'community-1', transcription: false }, []],
    [{ transcription: true }, []],
    [
      { transcriptionConfig: { model: 'm' } },
      [{ field: 'transcriptionConfig', detail: 'has no effect without transcription: true' }],
    ],
    [
      { transcription: false, transcriptionConfig: {} },
      [{ field: 'transcriptionConfig', detail: 'has no effect without transcription: true' }],
    ],
  ])('fit together: %j → %j', async (body, faults) => expect(await faultsOf({ url, ...body })).toEqual(faults));
});
