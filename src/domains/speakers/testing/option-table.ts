import type { SpeakerKind } from '../speaker-kind.js';
import type { LibraryOf } from './library-of.js';
import { LittleVendor } from './little-vendor.js';
import { ordering } from './ordering.js';
import type { Route } from './ordering.js';
import { VENDOR_ID, aJob, stage } from './stage.js';

/** An option with all that the vendor's table says of it. */
export interface Option {
  type: string;
  default: unknown;
  sample: unknown;
  bad: unknown[];
  /** What it makes no sense without. */
  with?: object;
  required?: true;
}

export const FLAG: Option = { type: 'boolean', default: false, sample: true, bad: ['true', 1, {}] };
const COUNT: Option = {
  type: 'number',
  default: null,
  sample: 2,
  bad: [0, -1, 1.5, '2', true, [2], Number.MAX_VALUE * 2],
};

export const AUDIO: Record<string, Option> = {
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
export const CONVERSATION: Record<string, Option> = {
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

interface Walk {
  kind: SpeakerKind;
  options: Record<string, Option>;
  /** The least that a caller has to say, and what the vendor hears of it. */
  least: Record<string, unknown>;
  heard: Record<string, unknown>;
  library?: LibraryOf;
}

/** Walks the vendor’s table, option by option, from a caller’s body to what the vendor hears. Returns `heardOf`. */
export function describeOptions({ kind, options, least, heard, library }: Walk): (body: object) => Promise<unknown> {
  const vendor = new LittleVendor();
  const { orderOf, faultsOf } = ordering(kind.kind as Route, library);
  let baseUrl: string;
  beforeAll(async () => (baseUrl = await vendor.start()));
  afterAll(() => vendor.stop());

  async function heardOf(body: object): Promise<unknown> {
    const { input } = await orderOf(body);
    vendor.heard.splice(0);
    vendor.answer = () => ({ status: 200, json: { jobId: VENDOR_ID, status: 'created' } });
    // As it comes back from the database.
    const stored = JSON.parse(JSON.stringify(input)) as Record<string, unknown>;
    const job = aJob({ kind: kind.kind, input: stored, callbackUrl: null });
    await stage(baseUrl).provider.submit(job, () => Promise.resolve());
    return vendor.heard[0]?.body;
  }

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

  return heardOf;
}
