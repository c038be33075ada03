import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import { CALLBACK, JOB_ID, TURNS, VENDOR_ID, aJob, aNotice, stage } from './testing/stage.js';
import { TEAM } from './testing/files-of-one.js';

const vendor = new LittleVendor();
let baseUrl: string;
const url = 'https://files.example.com/a.wav';
const anna = { label: 'Anna', voiceprint: 'cHJpbnQ=' };

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

/** What the vendor hears of a job. */
async function heardOf(kind: string, input: Record<string, unknown>) {
  vendor.answer = () => ({ status: 200, json: { jobId: VENDOR_ID, status: 'created' } });
  await stage(baseUrl).provider.submit(aJob({ kind, input, externalId: null }), () => Promise.resolve());
  return vendor.heard[0];
}

/** What comes of a notice of success, and of what the vendor shows afterwards. */
function ended(kind: string, told: object, shown?: object) {
  const json = { jobId: VENDOR_ID, status: 'succeeded', ...(shown ? { output: shown } : {}) };
  vendor.answer = () => ({ status: 200, json });
  const notice = aNotice({ jobId: VENDOR_ID, status: 'succeeded', ...told });
  return stage(baseUrl).provider.interpret(notice, aJob({ kind }));
}

it('no log line has a print in it, whatever the level', async () => {
  const { provider, lines } = stage(baseUrl);
  vendor.answer = ({ method }) => ({
    status: 200,
    json: { jobId: VENDOR_ID, status: method === 'POST' ? 'created' : 'succeeded', output: anna },
  });
  const order = aJob({ kind: 'identification', input: { url, voiceprints: [anna] }, externalId: null });
  await provider.submit(order, () => Promise.resolve());
  expect((await provider.check(aJob({ kind: 'voiceprint' })))?.result).toEqual(anna);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join('')).not.toContain(anna.voiceprint);
});

describe('a voiceprint', () => {
  it('is always asked for with its status only, so that no print comes in a notice', async () => {
    expect(await heardOf('voiceprint', { url, label: 'Anna', library: false })).toMatchObject({
      url: '/v1/voiceprint',
      body: { url, webhook: CALLBACK, webhookStatusOnly: true },
    });
  });

  it('is fetched, with all that the vendor says beside it', async () => {
    const output = { voiceprint: 'cHJpbnQ=', warning: '2 voices', quality: { new: 1 } };
    const change = await ended('voiceprint', {}, output);
    expect(change).toMatchObject({ to: 'succeeded', result: output, note: { text: 'pyannote warns: 2 voices' } });
    expect(vendor.heard).toMatchObject([{ method: 'GET', url: `/v1/jobs/${VENDOR_ID}` }]);
  });

  it.each([undefined, {}, { voiceprint: null }, { voiceprint: '' }, { voiceprint: 7 }])(
    'that the vendor shows as %j is no empty success',
    async (shown) => {
      const change = await ended('voiceprint', {}, shown);
      expect(change).toMatchObject({ to: 'succeeded', facts: { vendorStatus: 'succeeded' } });
      expect(change?.result).toBeUndefined();
    },
  );

  const after = async (input: object, result: Record<string, unknown> | null = { voiceprint: 'cHJpbnQ=' }) => {
    const { provider, library } = stage(baseUrl);
    await provider.after(aJob({ kind: 'voiceprint', input: { url, ...input }, result }));
    return library.kept;
  };

  it('is kept afterwards under its label, unless nobody wants that', async () => {
    expect(stage(baseUrl).provider.follows).toEqual(['voiceprint.succeeded']);
    expect(await after({ label: 'Anna' })).toEqual([{ jobId: JOB_ID, teamId: TEAM, label: 'Anna', print: 'cHJpbnQ=' }]);
    expect(await after({ label: 'Anna', library: false })).toEqual([]);
    expect(await after({ library: false })).toEqual([]);
  });

  it('that is not there cannot be kept, which is said', async () => {
    await expect(after({ label: 'Anna' }, { note: 'settled by hand' })).rejects.toThrow('no voiceprint');
    await expect(after({ label: 'Anna' }, null)).rejects.toThrow('no voiceprint');
  });
});

describe('an identification', () => {
  it('tells the vendor labels and prints, and not which entries of the library they are', async () => {
    const input = { url, voiceprints: [{ ...anna, id: JOB_ID }], matching: { threshold: 50 } };
    expect(await heardOf('identification', input)).toMatchObject({ url: '/v1/identify' });
    expect(vendor.heard[0]?.body).toEqual({ ...input, voiceprints: [anna], webhook: CALLBACK });
  });

  it.each(['confidence', 'speechProbability', 'crosstalkProbability', 'speakerProbability'])(
    'with %s is asked for with its status only',
    async (name) => {
      const heard = await heardOf('identification', { url, voiceprints: [anna], [name]: true });
      expect(heard?.body).toMatchObject({ webhookStatusOnly: true });
    },
  );

  it('keeps everything, whoever was recognized or not', async () => {
    const output = {
      diarization: TURNS,
      identification: [
        { speaker: 'SPEAKER_00', start: 1.2, end: 3.4, diarizationSpeaker: 'SPEAKER_00', match: null },
        { diarizationSpeaker: 'SPEAKER_01', match: 'Anna', mood: 'new' },
      ],
      voiceprints: [{ speaker: 'SPEAKER_00', match: null, confidence: { Anna: 3 } }],
    };
    expect(await ended('identification', { output })).toMatchObject({ to: 'succeeded', result: output });
    expect(vendor.heard).toHaveLength(0);
  });

  it.each([[{ identification: [] }], [{ voiceprints: [] }], [{ diarization: [] }]])(
    'has a result in any one of its lists: %j',
    async (output) => expect((await ended('identification', { output }))?.result).toEqual(output),
  );

  it.each([[{}], [{ identification: null, voiceprints: null }], [{ warning: 'w' }]])('has none in %j', async (output) =>
    expect((await ended('identification', { output }, output))?.result).toBeUndefined(),
  );

  it('reads `word` as `text`, should there be words', async () => {
    const word = { speaker: 'SPEAKER_00', start: 1, end: 2 };
    const output = { identification: [], wordLevelTranscription: [{ ...word, word: 'Hi' }] };
    const change = await ended('identification', { output });
    expect(change?.result?.wordLevelTranscription).toEqual([{ ...word, text: 'Hi' }]);
  });
});
