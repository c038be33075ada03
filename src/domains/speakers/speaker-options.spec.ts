import { diarization } from './diarization.kind.js';
import { identification } from './identification.kind.js';
import { hearing } from './testing/heard-of.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { ordering, url } from './testing/ordering.js';
import type { Route } from './testing/ordering.js';
import { voiceprint } from './voiceprint.kind.js';

/** An option with all that the vendor's table says of it. */
interface Option {
  type: string;
  default: unknown;
  sample: unknown;
  bad: unknown[];
  /** What it makes no sense without. */
  with?: object;
  required?: true;
}

const FLAG: Option = { type: 'boolean', default: false, sample: true, bad: ['true', 1, {}] };
const COUNT: Option = {
  type: 'number',
  default: null,
  sample: 2,
  bad: [0, -1, 1.5, '2', true, [2], Number.MAX_VALUE * 2],
};

const AUDIO: Record<string, Option> = {
  url: {
    type: 'string',
    default: undefined,
    sample: 'media://a-b_c/d.wav',
    bad: [null, '', 7, {}, ['https://a.b']],
    required: true,
  },
  model: { type: 'string', default: 'precision-2', sample: 'precision-3', bad: ['', 7, {}, 'x'.repeat(101)] },
};

/** What diarize and identify have in common. */
const CONVERSATION: Record<string, Option> = {
  ...AUDIO,
  numSpeakers: COUNT,
  minSpeakers: COUNT,
  maxSpeakers: COUNT,
  turnLevelConfidence: FLAG,
  exclusive: FLAG,
  confidence: FLAG,
  speechProbability: FLAG,
  crosstalkProbability: FLAG,
  speakerProbability: FLAG,
};

const DIARIZATION: Record<string, Option> = {
  ...CONVERSATION,
  transcription: FLAG,
  transcriptionConfig: {
    type: 'object',
    default: undefined,
    sample: { model: 'faster-whisper-large-v3-turbo' },
    bad: ['whisper', 7, [], [{ model: 'm' }], { model: 7 }, { model: '' }, { size: 'large' }],
    with: { transcription: true },
  },
};

const anna = { label: 'Anna', voiceprint: 'cHJpbnQ=' };

const IDENTIFICATION: Record<string, Option> = {
  ...CONVERSATION,
  voiceprints: {
    type: 'list',
    default: undefined,
    sample: [anna, { label: 'Zoë', voiceprint: 'x'.repeat(20_000) }],
    bad: [null, [], {}, 'Anna', 7, [null], ['Anna'], [7], [[anna]], [{}], [{ label: 7 }], [{ ...anna, voice: 'x' }]],
    required: true,
  },
  matching: {
    type: 'object',
    default: undefined,
    sample: { exclusive: false, threshold: 42.5 },
    bad: ['strict', 7, [], { exclusive: 'no' }, { threshold: -1 }, { threshold: 101 }, { threshold: '5' }, { best: 1 }],
  },
};

/** Each kind with its table, the least that a caller has to say, and what the vendor hears of that. */
const KINDS = [
  { kind: diarization, options: DIARIZATION, least: { url }, heard: { url } },
  {
    kind: identification,
    options: IDENTIFICATION,
    least: { url, voiceprints: [anna] },
    heard: { url, voiceprints: [anna] },
  },
  { kind: voiceprint, options: AUDIO, least: { url, library: false }, heard: { url } },
];

const vendor = new LittleVendor();
let baseUrl: string;
beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());

describe.each(KINDS)('the options of a job of kind $kind.kind', ({ kind, options, least, heard }) => {
  const heardOf = hearing(vendor, () => baseUrl, kind);
  const { faultsOf } = ordering(kind.kind as Route);

  it('are all in the table, and no others', () => {
    expect(Object.keys(options).sort()).toEqual([...kind.options].sort());
  });

  describe.each(Object.entries(options))('%s', (name, option) => {
    it('is sent exactly under the vendor’s name', async () => {
      const more = { ...option.with, [name]: option.sample };
      expect(await heardOf({ ...least, ...more })).toEqual({ ...heard, ...more });
    });

    it('is sent with its default when the caller says so, and not sent when nobody does', async () => {
      if (option.default != null) expect(await heardOf({ ...least, [name]: option.default })).toHaveProperty(name);
      expect(await heardOf(option.required ? least : { ...least, [name]: null })).toEqual(heard);
    });

    it.each(option.bad.map((bad) => [bad]))('is refused as %j', async (bad) => {
      const faults = await faultsOf({ ...least, ...option.with, [name]: bad });
      expect(faults.length).toBeGreaterThan(0);
      for (const { field, detail } of faults) {
        expect(field.startsWith(name)).toBe(true);
        expect(detail).toMatch(/^(must|is|has|unknown)/);
      }
    });
  });

  it('are all sent together', async () => {
    const samples = Object.fromEntries(Object.entries(options).map(([name, { sample }]) => [name, sample]));
    expect(await heardOf({ ...least, ...samples })).toEqual({ ...heard, ...samples });
  });
});
