import { fromBufferPromise } from 'yauzl';
import { buffer } from 'node:stream/consumers';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { NotNow, Refused } from '../../kernel/jobs/provider-errors.js';
import { TrainingImages } from './fal.images.js';
import { LittleStorage } from './testing/little-storage.js';
import { SVG, picture, zipWith } from './testing/pictures.js';
import { storageAt } from './testing/storage-stage.js';
import { TEAM, TeamFiles } from './testing/team-files.js';
import type { TrainingInput } from './training-input.js';
import { UploadedArchive } from './uploaded-archive.js';
import { UploadedPhotos } from './uploaded-photos.js';

const JOB = '019aa0b0-7c1e-7b3a-9b0e-00000000a0b0';
const vendor = new LittleStorage();
let jpeg: Buffer;
let files: TeamFiles;

beforeAll(async () => {
  await vendor.start();
  jpeg = await picture();
});
afterAll(() => vendor.stop());
beforeEach(() => {
  vendor.clear();
  files = new TeamFiles();
});

function stage() {
  const { storage, pace } = storageAt(vendor.base);
  const service = files.service;
  return new TrainingImages(service, new UploadedArchive(service), new UploadedPhotos(service), storage, pace);
}

const jobOf = (input: Partial<TrainingInput>) =>
  ({ id: JOB, teamId: TEAM, input: { type: 'style', trainer: 'x', inputs: {}, ...input } }) as unknown as ProviderJob;

const outcome = (input: Partial<TrainingInput>, on = stage()) =>
  on.addressOf(jobOf(input)).catch((error: unknown) => error);

/** What the vendor finds in the zip that it got. */
async function unpacked(): Promise<Record<string, Buffer>> {
  const put = vendor.heard.find(({ method }) => method === 'PUT');
  const zip = await fromBufferPromise(put?.body ?? Buffer.alloc(0));
  const found: Record<string, Buffer> = {};
  for await (const entry of zip.eachEntry()) {
    expect(entry.compressionMethod).toBe(0);
    found[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
  }
  return found;
}

describe('the images that the vendor is given', () => {
  it('are the caller’s own address, untouched', async () => {
    expect(await outcome({ url: 'https://files.example.com/a.zip' })).toBe('https://files.example.com/a.zip');
    expect(vendor.heard).toEqual([]);
  });

  it('are an uploaded zip, byte for byte', async () => {
    const zip = await zipWith([['1.jpg', jpeg]]);
    expect(await outcome({ file: files.add('anna.zip', zip) })).toBe(`${vendor.base}/files/1.zip`);
    const put = vendor.heard.at(-1);
    expect(put?.body.equals(zip)).toBe(true);
    expect(JSON.parse(String(vendor.heard[0]?.body))).toEqual({
      content_type: 'application/zip',
      file_name: `${JOB}.zip`,
    });
  });

  it('are a zip of uploaded images and captions, nothing compressed, of a size known beforehand', async () => {
    const png = await picture('png');
    const ids = [
      files.add('Анна 1.jpg', jpeg),
      files.add('2.png', png),
      files.add('2.txt', Buffer.from('two')),
      files.add('unnamed', jpeg),
    ];
    await outcome({ files: ids, captions: { 'анна 1.jpg': 'одна' } });
    const put = vendor.heard.at(-1);
    expect(put?.headers['content-length']).toBe(String(put?.body.length));
    expect(await unpacked()).toEqual({
      'Анна 1.jpg': jpeg,
      '2.png': png,
      '2.txt': Buffer.from('two'),
      'unnamed.jpg': jpeg,
      'Анна 1.txt': Buffer.from('одна'),
    });
  });

  it('are not uploaded again for a job that was only put off', async () => {
    const on = stage();
    const input = { files: [files.add('1.jpg', jpeg)] };
    const first = await outcome(input, on);
    files.lose(input.files[0] ?? '');
    expect(await outcome(input, on)).toBe(first);
    expect(vendor.lines).toHaveLength(2);
    on.forget(JOB);
    expect(await outcome(input, on)).toMatchObject({ code: 'file_gone' });
  });

  it('are uploaded again when the storage failed', async () => {
    const on = stage();
    const input = { file: files.add('a.zip', await zipWith([['1.jpg', jpeg]])) };
    vendor.next('PUT /put/1', { status: 503 });
    expect(await outcome(input, on)).toBeInstanceOf(NotNow);
    expect(await outcome(input, on)).toBe(`${vendor.base}/files/1.zip`);
  });

  it.each(['file', 'files'] as const)('are gone: the job fails before it costs anything (%s)', async (how) => {
    const id = '019aa0b0-7c1e-7b3a-9b0e-0000000000ff';
    const error = await outcome(how === 'file' ? { file: id } : { files: [id] });
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ code: 'file_gone' });
    expect(vendor.heard).toEqual([]);
  });

  it('are all decoded before they leave, those too that nobody waited for', async () => {
    const many = Array.from({ length: 101 }, (_, i) => [`${i}.jpg`, i === 100 ? SVG : jpeg] as const);
    const zip = files.add('many.zip', await zipWith(many));
    expect(await outcome({ file: zip })).toMatchObject({
      code: 'invalid_images',
      detail: expect.stringContaining('"100.jpg" is no image') as string,
    });
    const ids = many.map(([name, content]) => files.add(name, content));
    expect(await outcome({ files: ids })).toMatchObject({
      code: 'invalid_images',
      detail: expect.stringContaining('"100.jpg" is no image') as string,
    });
    expect(vendor.heard).toEqual([]);
  });
});
