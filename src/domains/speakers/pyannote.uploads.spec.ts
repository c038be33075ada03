import { NotNow, Refused, Unavailable } from '../../kernel/jobs/provider-errors.js';
import { FILE, FilesOfOne } from './testing/files-of-one.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import type { Heard, Reply } from '../../kernel/http/testing/little-vendor.js';
import { CALLBACK, JOB_ID, VENDOR_ID, aJob, stage } from './testing/stage.js';

const vendor = new LittleVendor();
let baseUrl: string;
let answers: Partial<Record<string, Reply>>;
/** The little vendor reads JSON only. */
const audio = Buffer.from(JSON.stringify('x'.repeat(200_000)));

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => {
  vendor.heard.splice(0);
  answers = {};
  vendor.answer = ({ url }: Heard) =>
    answers[url] ??
    ({
      '/v1/media/input': { status: 201, json: { url: `${baseUrl}/storage/1` } },
      '/storage/1': { status: 200 },
      '/v1/diarize': { status: 200, json: { jobId: VENDOR_ID, status: 'created' } },
    }[url] as Reply);
});

const order = () => aJob({ status: 'submitting', externalId: null, input: { file: FILE, numSpeakers: 2 } });
const paths = () => vendor.heard.map(({ url }) => url);

async function submit(on = stage(baseUrl, {}, new FilesOfOne(audio))) {
  let asked: string[] | null = null;
  const asking = () => {
    asked = paths();
    return Promise.resolve();
  };
  const outcome = await on.provider.submit(order(), asking).catch((error: unknown) => error);
  return { outcome, asked: asked as string[] | null };
}

describe('handing uploaded audio to pyannote', () => {
  it('puts it into its storage before anything is committed, and names it in the job', async () => {
    const { outcome, asked } = await submit();
    expect(outcome).toMatchObject({ to: 'running', externalId: VENDOR_ID });
    expect(asked).toEqual(['/v1/media/input', '/storage/1']);
    const [input, put, diarize] = vendor.heard;
    const media = (input?.body as { url: string }).url;
    expect(media).toMatch(new RegExp(`^media://signalbox/${JOB_ID}/[0-9a-f-]{36}$`));
    expect(media.length).toBeLessThanOrEqual(255);
    expect(put).toMatchObject({ method: 'PUT', body: JSON.parse(audio.toString()) as string });
    expect(put?.headers).toMatchObject({ 'content-length': String(audio.length) });
    expect(put?.headers.authorization).toBeUndefined();
    expect(put?.headers['transfer-encoding']).toBeUndefined();
    expect(diarize?.body).toEqual({ url: media, numSpeakers: 2, webhook: CALLBACK });
  });

  it('counts the question for an address in a window of its own', async () => {
    const on = stage(baseUrl, {}, new FilesOfOne(audio));
    await submit(on);
    expect(on.limiter.taken).toEqual(['pyannote:media', 'pyannote:post']);
  });

  it.each<[string, string, Reply, unknown]>([
    ['there is no place at the vendor', '/v1/media/input', { status: 429, headers: { 'retry-after': '3' } }, NotNow],
    ['the key is bad', '/v1/media/input', { status: 401 }, Unavailable],
    ['the vendor fails', '/v1/media/input', { status: 500 }, Error],
    ['it gives no address', '/v1/media/input', { status: 201, json: {} }, Error],
    ['it hangs up', '/v1/media/input', 'hang up', Error],
    ['its storage fails', '/storage/1', { status: 503 }, NotNow],
    ['the address is over', '/storage/1', { status: 403 }, NotNow],
    ['its storage hangs up', '/storage/1', 'hang up', Error],
    ['it is too large for it', '/storage/1', { status: 413 }, Refused],
  ])('commits nothing when %s', async (_what, path, reply, kind) => {
    answers[path] = reply;
    const { outcome, asked } = await submit();
    expect(outcome).toBeInstanceOf(kind);
    expect(asked).toBeNull();
    expect(paths()).not.toContain('/v1/diarize');
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://10.0.0.7/storage',
    'ftp://files.example.com/a',
    'file:///etc/passwd',
    '/storage/1',
    '',
  ])('does not take it to %s', async (url) => {
    answers['/v1/media/input'] = { status: 201, json: { url } };
    const { outcome, asked } = await submit();
    expect(String(outcome)).toContain('without an address to upload to');
    expect([asked, paths()]).toEqual([null, ['/v1/media/input']]);
  });

  it('gives up when the file is gone: the job fails before it costs anything', async () => {
    const { outcome, asked } = await submit(stage(baseUrl));
    expect(outcome).toBeInstanceOf(Refused);
    expect(outcome).toMatchObject({ code: 'file_gone' });
    expect([asked, paths()]).toEqual([null, []]);
  });

  it('does not upload it again for a job that was only put off', async () => {
    const files = new FilesOfOne(audio);
    const on = stage(baseUrl, {}, files);
    answers['/v1/diarize'] = { status: 429, headers: { 'retry-after': '0' } };
    expect((await submit(on)).outcome).toBeInstanceOf(NotNow);
    delete answers['/v1/diarize'];
    files.lose();
    expect((await submit(on)).outcome).toMatchObject({ to: 'running' });
    expect(files.reads).toBe(1);
    expect(paths()).toEqual(['/v1/media/input', '/storage/1', '/v1/diarize', '/v1/diarize']);
    const [first, second] = vendor.heard.filter(({ url }) => url === '/v1/diarize');
    expect(second?.body).toEqual(first?.body);
    expect((await submit(on)).outcome).toMatchObject({ code: 'file_gone' });
  });
});
