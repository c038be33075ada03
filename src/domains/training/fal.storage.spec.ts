import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { NotNow, Refused, Unavailable } from '../../kernel/jobs/provider-errors.js';
import { LittleStorage } from './testing/little-storage.js';
import type { Reply } from './testing/little-storage.js';
import { KEY, storageAt } from './testing/storage-stage.js';

const MIB = 1_024 * 1_024;
const INITIATE = 'POST /storage/upload/initiate';
const vendor = new LittleStorage();

beforeAll(() => vendor.start());
afterAll(() => vendor.stop());
beforeEach(() => vendor.clear());

const zip = { name: 'job.zip', mediaType: 'application/zip' };
const bytes = randomBytes(300_000);

function upload(
  size: number | undefined = bytes.length,
  base = vendor.base,
  content: Readable = Readable.from([bytes]),
) {
  return storageAt(base).storage.upload(content, { ...zip, ...(size === undefined ? {} : { size }) });
}

const outcome = async (...of: Parameters<typeof upload>) => upload(...of).catch((error: unknown) => error);

describe('the storage of fal.ai', () => {
  it('is asked for a place, given the bytes, and says where they are', async () => {
    expect(await upload()).toBe(`${vendor.base}/files/1.zip`);
    expect(vendor.lines).toEqual([`${INITIATE}?storage_type=fal-cdn-v3`, 'PUT /put/1?sig=a']);
    const [ask, put] = vendor.heard;
    expect(JSON.parse(String(ask?.body))).toEqual({ content_type: 'application/zip', file_name: 'job.zip' });
    expect(ask?.headers).toMatchObject({ authorization: `Key ${KEY}`, 'content-type': 'application/json' });
    expect(JSON.parse(String(ask?.headers['x-fal-object-lifecycle']))).toEqual({
      expiration_duration_seconds: 604_800,
    });
    expect(put?.headers).toMatchObject({ 'content-type': 'application/zip', 'content-length': '300000' });
    expect(put?.headers.authorization).toBeUndefined();
    expect(put?.body.equals(bytes)).toBe(true);
  });

  it('gets more than 90 MB in parts of 10 MB, each tried three times at most', async () => {
    const size = 90 * MIB + 1;
    const piece = randomBytes(MIB);
    const content = Readable.from(
      (function* () {
        for (let i = 0; i < 90; i++) yield piece;
        yield Buffer.from('z');
      })(),
    );
    vendor.next('PUT /put/1/2', { status: 500 });
    vendor.next('PUT /put/1/2', 'hang up');
    expect(await upload(size, vendor.base, content)).toBe(`${vendor.base}/files/1.zip`);
    expect(vendor.lines[0]).toBe('POST /storage/upload/initiate-multipart?storage_type=fal-cdn-v3');
    const puts = vendor.heard.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ url }) => url.split('?')[0])).toEqual(
      [1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `/put/1/${n}`),
    );
    expect(puts.map(({ body }) => body.length)).toEqual([...Array<number>(11).fill(10 * MIB), 1]);
    const last = vendor.heard.at(-1);
    expect([last?.method, last?.url]).toEqual(['POST', '/put/1/complete?sig=a']);
    const parts = Array.from({ length: 10 }, (_, i) => ({ partNumber: i + 1, etag: `etag-${i + 1}` }));
    expect(JSON.parse(String(last?.body))).toEqual({ parts });
    expect(vendor.heard.slice(1).every(({ headers }) => headers.authorization === undefined)).toBe(true);
  }, 60_000);

  it('gets bytes of unknown length in parts too', async () => {
    expect(await storageAt(vendor.base).storage.upload(Readable.from([bytes]), zip)).toContain('/files/1.zip');
    expect(vendor.lines.slice(1)).toEqual(['PUT /put/1/1?sig=a', 'POST /put/1/complete?sig=a']);
  });

  it.each<[string, string, Reply, unknown]>([
    ['the key is bad', INITIATE, { status: 401 }, Unavailable],
    ['the account is locked', INITIATE, { status: 403, json: { detail: 'User is locked' } }, Unavailable],
    ['it points elsewhere', INITIATE, { status: 307, headers: { location: 'https://a.example.com' } }, Unavailable],
    ['there are too many', INITIATE, { status: 429, headers: { 'retry-after': '3' } }, NotNow],
    ['it fails', INITIATE, { status: 500 }, NotNow],
    ['it hangs up', INITIATE, 'hang up', NotNow],
    ['it does not like the name', INITIATE, { status: 422, json: { detail: [{ msg: 'bad' }] } }, Refused],
    ['it gives no address', INITIATE, { status: 200, json: { file_url: 'https://v3.fal.media/a' } }, NotNow],
    ['it gives nonsense', INITIATE, { status: 200, json: [7] }, NotNow],
    ['the place fails', 'PUT /put/1', { status: 503 }, NotNow],
    ['the place is over', 'PUT /put/1', { status: 403 }, NotNow],
    ['the place hangs up', 'PUT /put/1', 'hang up', NotNow],
    ['it is too large for the place', 'PUT /put/1', { status: 413 }, Refused],
  ])('is sorted when %s, and the key stays unsaid', async (_what, request, reply, kind) => {
    vendor.next(request, reply);
    const error = await outcome();
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).not.toContain('very-secret');
  });

  it('says how long to wait', async () => {
    vendor.next(INITIATE, { status: 429, headers: { 'retry-after': '3' } });
    expect(await outcome()).toMatchObject({ afterMs: 3_000 });
  });

  it('is not there', async () => {
    expect(await outcome(bytes.length, 'http://127.0.0.1:9')).toBeInstanceOf(NotNow);
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://10.0.0.7/put',
    'http://localhost/put',
    'ftp://files.example.com/a',
    'file:///etc/passwd',
    'https://u:p@files.example.com/a',
    '/put/1',
    '',
    7,
  ])('is not believed when it sends us to %s', async (address) => {
    const good = `${vendor.base}/put/1`;
    for (const json of [
      { upload_url: address, file_url: good },
      { upload_url: good, file_url: address },
    ]) {
      vendor.next(INITIATE, { status: 200, json });
      expect(String(await outcome())).toContain('without an address to upload to');
    }
    expect(vendor.heard.every(({ method }) => method === 'POST')).toBe(true);
  });

  it('gives the bytes back to nobody when they break off, and tells of it', async () => {
    const broken = Readable.from(
      (async function* () {
        yield await Promise.resolve(bytes.subarray(0, 1_000));
        throw new Error('the disk is gone');
      })(),
    );
    const error = await outcome(bytes.length, vendor.base, broken);
    expect(error).toBeInstanceOf(NotNow);
    expect(String(error)).toContain('the disk is gone');
    expect(broken.destroyed).toBe(true);
  });

  it('is told of in one line without the key or the address', async () => {
    const { storage, lines } = storageAt(vendor.base);
    await storage.upload(Readable.from([bytes]), { ...zip, size: bytes.length });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      provider: 'fal',
      operation: 'upload',
      outcome: 'ok',
      size: 300_000,
    });
    expect(lines[0]).not.toMatch(/very-secret|sig=a/);
  });
});
