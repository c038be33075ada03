import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';
import { TURNS, VENDOR_ID, aJob, aNotice, stage } from './testing/stage.js';

const vendor = new LittleVendor();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

const output = { diarization: TURNS };
const shows = (job: object): Reply => ({ status: 200, json: { jobId: VENDOR_ID, ...job } });
const lost: Reply = { status: 500 };

function interpret(body: unknown, reply: Reply = lost, job = aJob()) {
  vendor.answer = () => reply;
  return stage(baseUrl).provider.interpret(aNotice(body), job);
}
const notice = (rest: object) => ({ jobId: VENDOR_ID, ...rest });

describe('a notice of success', () => {
  it.each(['succeeded', 'SUCCEEDED', ' Succeeded\n'])('that says %j with its output asks nobody', async (status) => {
    const change = await interpret(notice({ status, output }));
    expect(change).toEqual({ to: 'succeeded', result: output, externalId: VENDOR_ID });
    expect(vendor.heard).toHaveLength(0);
  });

  it('without a single turn is a result, too', async () => {
    const change = await interpret(notice({ status: 'succeeded', output: { diarization: [] } }));
    expect(change?.result).toEqual({ diarization: [] });
  });

  it('keeps what is new to us, reads `word` as `text`, and repeats a warning in the timeline', async () => {
    const word = { speaker: 'SPEAKER_00', start: 1, end: 2 };
    const more = { new: { deep: [1] }, warning: 'numSpeakers could not be honoured' };
    const words = { wordLevelTranscription: [{ ...word, word: 'Hi' }, { ...word, text: 'you' }, null] };
    const change = await interpret(notice({ status: 'succeeded', output: { ...output, ...more, ...words } }));
    expect(change?.result).toEqual({
      ...output,
      ...more,
      wordLevelTranscription: [{ ...word, text: 'Hi' }, { ...word, text: 'you' }, null],
    });
    expect(change?.note).toEqual({ text: 'pyannote warns: numSpeakers could not be honoured' });
  });

  it.each([[{}], [{ output: {} }], [{ output: null }], [{ output: [] }], [{ output: { diarization: 'none' } }]])(
    'without usable output (%j) has it fetched',
    async (rest) => {
      const change = await interpret(notice({ status: 'succeeded', ...rest }), shows({ status: 'succeeded', output }));
      expect(change).toEqual({ to: 'succeeded', result: output, externalId: VENDOR_ID });
      expect(vendor.heard).toMatchObject([{ method: 'GET', url: `/v1/jobs/${VENDOR_ID}` }]);
    },
  );

  it.each<[string, Reply]>([
    ['no output', shows({ status: 'succeeded' })],
    ['an empty output', shows({ status: 'succeeded', output: {} })],
    ['nothing at all', { status: 404 }],
  ])('is no empty success when the vendor shows %s', async (_, reply) => {
    const change = await interpret(notice({ status: 'succeeded' }), reply);
    expect(change).toEqual({
      to: 'succeeded',
      externalId: VENDOR_ID,
      facts: { vendorStatus: 'succeeded' },
      note: { text: 'pyannote says succeeded but shows no usable output' },
    });
  });

  it.each<[string, Reply]>([
    ['fails', lost],
    ['hangs up', 'hang up'],
    ['is at its limit', { status: 429 }],
    ['shows the job as running', shows({ status: 'running' })],
    ['shows a word of its own', shows({ status: 'done' })],
  ])('is tried again while the vendor %s', async (_, reply) => {
    await expect(interpret(notice({ status: 'succeeded' }), reply)).rejects.toThrow();
  });

  it('is a failure when the vendor itself says so', async () => {
    const change = await interpret(notice({ status: 'succeeded' }), shows({ status: 'failed' }));
    expect(change).toMatchObject({ to: 'failed', error: { code: 'vendor_failed' } });
  });
});

describe('a notice of failure', () => {
  const failed = (code: string, message: string) => ({ to: 'failed', externalId: VENDOR_ID, error: { code, message } });
  const reason = { error: 'the audio could not be loaded' };

  it.each([
    ['failed', 'failed', 'vendor_failed'],
    ['canceled', 'failed', 'vendor_failed'],
    ['canceled', 'canceled', 'vendor_canceled'],
    ['failed', 'canceled', 'vendor_canceled'],
  ])('that says %s gets its reason from the vendor, which says %s: %s', async (told, shown, code) => {
    const change = await interpret(notice({ status: told }), shows({ status: shown, output: reason }));
    expect(change).toEqual(failed(code, reason.error));
  });

  it.each<[string, Reply]>([
    ['fails', lost],
    ['is at its limit', { status: 429 }],
    ['knows no such job', { status: 404 }],
    ['lags behind', shows({ status: 'running' })],
    ['speaks of success without output', shows({ status: 'succeeded' })],
  ])('settles without a reason while the vendor %s', async (_, reply) => {
    expect(await interpret(notice({ status: 'failed' }), reply)).toEqual(
      failed('vendor_failed', 'pyannote could not do it, and gave no reason'),
    );
    expect(await interpret(notice({ status: 'Canceled' }), reply)).toEqual(
      failed('vendor_canceled', 'pyannote canceled the job, unasked, and gave no reason'),
    );
  });

  it('is a success when the vendor has the output', async () => {
    const change = await interpret(notice({ status: 'canceled' }), shows({ status: 'succeeded', output }));
    expect(change).toEqual({ to: 'succeeded', result: output, externalId: VENDOR_ID });
  });
});
