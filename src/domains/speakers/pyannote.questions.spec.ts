import { NotNow, Unavailable } from '../../kernel/jobs/provider-errors.js';
import { KEY, VENDOR_ID, stage } from './testing/stage.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';

const vendor = new LittleVendor();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

const created = { jobId: VENDOR_ID, status: 'created' };

describe('asking pyannote', () => {
  const ask = (reply: Reply) => {
    vendor.answer = () => reply;
    return stage(baseUrl).client.job(VENDOR_ID);
  };

  it('shows a job with its output', async () => {
    const job = { jobId: VENDOR_ID, status: 'succeeded', createdAt: 'x', output: { diarization: [], new: 1 } };
    expect(await ask({ status: 200, json: job })).toEqual({
      status: 'succeeded',
      output: { diarization: [], new: 1 },
    });
    expect(vendor.heard).toMatchObject([{ method: 'GET', url: `/v1/jobs/${VENDOR_ID}` }]);
  });

  it('says that it knows no such job', async () => expect(await ask({ status: 404 })).toBeNull());

  it.each<[string, Reply, unknown]>([
    ['429', { status: 429, headers: { 'retry-after': '2' } }, NotNow],
    ['401', { status: 401 }, Unavailable],
    ['500', { status: 500 }, Error],
    ['a cut line', 'hang up', Error],
    ['HTML', { status: 200, text: '<html>' }, Error],
    ['something else', { status: 200, json: { message: 'hello' } }, Error],
  ])('throws at %s', async (_, reply, kind) => expect(ask(reply)).rejects.toBeInstanceOf(kind));

  it('reads pages of the list and leaves out what has no id', async () => {
    const items = [{ id: 'a', status: 'running', createdAt: '2026-11-21T10:00:00Z' }, { status: 'created' }, null];
    vendor.answer = () => ({ status: 200, json: { items, nextCursor: 'next one' } });
    const { client, limiter } = stage(baseUrl);
    const page = { id: 'a', status: 'running', createdAt: new Date('2026-11-21T10:00:00Z') };
    expect(await client.jobs()).toEqual({ items: [page], nextCursor: 'next one' });
    await client.jobs('next one');
    expect(vendor.heard.map(({ url }) => url)).toEqual(['/v2/jobs?limit=100', '/v2/jobs?limit=100&cursor=next+one']);
    expect(limiter.taken).toEqual(['pyannote:get', 'pyannote:get']);
  });
});

describe("pyannote's limits", () => {
  it('are counted before a submit, and for every question', async () => {
    vendor.answer = () => ({ status: 404 });
    const { client, limiter } = stage(baseUrl);
    await client.reserve();
    await client.job(VENDOR_ID);
    expect(limiter.taken).toEqual(['pyannote:post', 'pyannote:get']);
    limiter.full = 1_234;
    await expect(client.reserve()).rejects.toMatchObject({ afterMs: 1_234 });
    await expect(client.job(VENDOR_ID)).rejects.toBeInstanceOf(NotNow);
    expect(vendor.heard).toHaveLength(1);
  });

  it('are the vendor’s to tell: after a 429 nobody asks before its time, but submits go on', async () => {
    vendor.answer = () => ({ status: 429, headers: { 'retry-after': '60' } });
    const { client } = stage(baseUrl);
    await expect(client.job(VENDOR_ID)).rejects.toBeInstanceOf(NotNow);
    await expect(client.jobs()).rejects.toBeInstanceOf(NotNow);
    expect(vendor.heard).toHaveLength(1);
    await expect(client.reserve()).resolves.toBeUndefined();
  });
});

describe('every request to pyannote', () => {
  it('is measured and told in one line that has no key in it', async () => {
    const { client, metrics, lines } = stage(baseUrl);
    vendor.answer = () => ({ status: 200, json: created });
    await client.submit('/v1/diarize', {});
    vendor.answer = () => ({ status: 401, json: { message: 'bad' } });
    await client.submit('/v1/diarize', {}).catch(() => undefined);
    await client.job(VENDOR_ID).catch(() => undefined);
    const text = await metrics.registry.getSingleMetricAsString('signalbox_vendor_request_duration_seconds');
    expect(text).toContain('_count{provider="pyannote",operation="submit",outcome="ok"} 1');
    expect(text).toContain('_count{provider="pyannote",operation="submit",outcome="unavailable"} 1');
    expect(text).toContain('_count{provider="pyannote",operation="get",outcome="unavailable"} 1');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(KEY);
  });
});
