import { ordering } from './testing/ordering.js';
import { SVG, picture, records, replaced, zipWith } from './testing/pictures.js';
import { TeamFiles } from './testing/team-files.js';

type Part = readonly [name: string, content: Buffer | string];

let jpeg: Buffer;
let four: Part[];
beforeAll(async () => {
  jpeg = await picture();
  four = ['1.jpg', '2.jpg', '3.jpg', '4.jpg'].map((name) => [name, jpeg] as const);
});

/** What the route says of an uploaded file. */
function judged(bytes: Buffer, size?: number, body: object = { type: 'style' }) {
  const files = new TeamFiles();
  const { faultsOf, inputOf } = ordering(files);
  const order = { ...body, file: files.add('anna.zip', bytes, size) };
  return { faults: () => faultsOf(order), input: () => inputOf(order), files };
}

async function faultOf(bytes: Buffer, size?: number): Promise<string> {
  const [fault] = await judged(bytes, size).faults();
  return fault?.field === 'file' ? fault.detail : JSON.stringify(fault ?? null);
}

/** Changes the directory's record of an entry, and leaves everything else as it was. */
async function forged(
  parts: readonly Part[],
  index: number,
  change: (zip: Buffer, at: number) => void,
): Promise<Buffer> {
  const zip = await zipWith(parts);
  change(zip, records(zip)[index] ?? 0);
  return zip;
}

describe('an uploaded zip', () => {
  it('is taken, and kept for as long as the job may wait', async () => {
    const { faults, input, files } = judged(await zipWith([...four, ['1.txt', 'a caption']]));
    expect(await faults()).toEqual([]);
    expect(files.kept).toHaveLength(1);
    expect(await input()).toMatchObject({ file: expect.any(String) as string, inputs: { is_style: true } });
  });

  it('may have folders, what systems leave behind, and names in any script', async () => {
    const zip = await zipWith([
      ['photos/', ''],
      ['photos/Анна 1.jpg', jpeg],
      ['photos/2.PNG', await picture('png')],
      ['photos/3.webp', await picture('webp')],
      ['photos/4.jpeg', jpeg],
      ['__MACOSX/photos/._4.jpeg', 'no image'],
      ['photos/.DS_Store', 'no image'],
      ['photos/Thumbs.db', 'no image'],
    ]);
    const { warnings } = await judged(zip).input();
    expect(warnings).toEqual([expect.stringContaining('images in folders')]);
  });

  it('with fewer images than advised is taken with a warning', async () => {
    const few = await zipWith([
      ['1.jpg', jpeg],
      ['notes.pdf', '%PDF-'],
      ['9.txt', 'of nothing'],
    ]);
    const { warnings = [] } = await judged(few).input();
    expect(warnings.join('\n')).toContain(
      'there is 1 image; at least 4 are advised for fal-ai/flux-lora-fast-training',
    );
    expect(warnings.join('\n')).toContain('neither images nor captions: "notes.pdf"');
    expect(warnings.join('\n')).toContain('captions that belong to no image: "9.txt"');
    expect(warnings).toHaveLength(3);
  });

  it('does not count masks as images', async () => {
    const masked = await zipWith([...four.slice(1), ['1_mask.jpg', jpeg], ['2_mask.jpg', jpeg]]);
    const { warnings } = await judged(masked).input();
    // 1_mask.jpg is nobody's mask here.
    expect(warnings).toBeUndefined();
    const { warnings: fewer } = await judged(await zipWith([...four.slice(2), ['3_mask.jpg', jpeg]])).input();
    expect(fewer).toEqual([expect.stringContaining('there are 2 images')]);
  });

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['empty', () => Buffer.alloc(0), 'is no zip archive'],
    ['no zip', () => jpeg, 'is no zip archive'],
    ['one with nothing in it', () => zipWith([]), 'has no images in it'],
    [
      'one without images',
      () =>
        zipWith([
          ['a.txt', 'x'],
          ['b.pdf', 'y'],
        ]),
      'has no images in it',
    ],
    ['one with junk only', () => zipWith([['__MACOSX/1.jpg', jpeg]]), 'has no images in it'],
    ['a text named .jpg', () => zipWith([['1.jpg', 'text']]), '"1.jpg" is no image'],
    ['an SVG named .jpg', () => zipWith([...four, ['x/9.jpg', SVG]]), '"x/9.jpg" is no image'],
    ['an SVG', () => zipWith([...four, ['9.svg', SVG]]), '"9.svg" is no image'],
    ['an image of 0 bytes', () => zipWith([...four, ['5.png', '']]), '"5.png" is empty'],
    ['half an image', () => zipWith([['5.jpg', jpeg.subarray(0, jpeg.length / 2)]]), '"5.jpg" cannot be decoded'],
    ['a GIF', async () => zipWith([['5.gif', await picture('gif')]]), '"5.gif" is GIF; trainers take JPEG'],
    ['an AVIF named .jpg', async () => zipWith([['5.jpg', await picture('avif')]]), '"5.jpg" is HEIF or AVIF'],
    ['a TIFF', async () => zipWith([['5.tif', await picture('tiff')]]), '"5.tif" is no image'],
    ['a way out', () => zipWith([...four, ['../../etc/1.jpg', jpeg]]), '"../../etc/1.jpg" has a name that leads out'],
    ['a Windows way out', () => zipWith([['..\\..\\1.jpg', jpeg]]), 'leads out of the archive'],
    ['an absolute name', () => zipWith([['/etc/1.jpg', jpeg]]), '"/etc/1.jpg" has a name that leads out'],
    ['a drive', () => zipWith([['C:\\1.jpg', jpeg]]), 'leads out of the archive'],
    ['a NUL in a name', () => zipWith([['a\u0000.txt.jpg', jpeg]]), 'has control characters'],
    [
      'two of one name',
      () =>
        zipWith([
          ['Anna.jpg', jpeg],
          ['anna.JPG', jpeg],
        ]),
      '"Anna.jpg" and "anna.JPG"; rename one',
    ],
    ['a caption of 65537 bytes', () => zipWith([...four, ['1.txt', 'x'.repeat(65_537)]]), 'a caption may have 65536'],
  ])('is refused when it is, or has in it, %s', async (_what, make, detail) => {
    expect(await faultOf(await make())).toContain(detail);
  });

  it('is refused wherever it is cut off', async () => {
    const zip = await zipWith(four);
    for (const part of [0.2, 0.6, 0.95, 0.999])
      expect(await faultOf(zip.subarray(0, Math.floor(zip.length * part)))).toContain('not all of it is there');
    expect(await faultOf(zip, zip.length + 4_000)).not.toBe('null');
  });

  it('is refused with a password on it', async () => {
    const zip = await forged(four, 1, (bytes, at) => bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) | 1, at + 8));
    expect(await faultOf(zip)).toContain('"2.jpg" is encrypted');
  });

  it('is refused with a link to another file in it', async () => {
    const zip = await forged(four, 2, (bytes, at) => {
      bytes.writeUInt16LE((3 << 8) | 20, at + 4);
      bytes.writeUInt32LE((0o120777 << 16) >>> 0, at + 38);
    });
    expect(await faultOf(zip)).toContain('"3.jpg" is a link');
  });

  it('is refused with a compression that few know', async () => {
    const zip = await forged(four, 0, (bytes, at) => bytes.writeUInt16LE(99, at + 10));
    expect(await faultOf(zip)).toContain('is compressed by method 99');
  });

  it('is refused when it unpacks to far more than it is: by what it says', async () => {
    expect(await faultOf(await zipWith([['1.jpg', Buffer.alloc(8 * 1_024 * 1_024)]]))).toContain('200 times its size');
    const huge = await forged(four, 0, (bytes, at) => bytes.writeUInt32LE(0x7fffffff, at + 24));
    expect(await faultOf(huge)).toContain('2147483647 bytes when unpacked');
  });

  it('is refused when it unpacks to far more than it is: by what comes out', async () => {
    const bomb = await forged([...four, ['9.txt', Buffer.alloc(60_000_000)]], 4, (bytes, at) =>
      bytes.writeUInt32LE(9, at + 24),
    );
    expect(await faultOf(bomb)).toContain('"9.txt" is damaged (too many bytes in the stream');
  });

  it('is refused when several names share their bytes', async () => {
    const zip = await forged(four, 1, (bytes, at) => bytes.writeUInt32LE(0, at + 42));
    expect(await faultOf(zip)).toContain('shares its bytes with another entry');
  });

  it('is refused with a directory of nonsense', async () => {
    const zip = await zipWith(four);
    const nonsense = replaced(zip, Buffer.from('PK\x01\x02', 'latin1'), Buffer.from('XXXX'));
    expect(await faultOf(nonsense)).toContain('its directory is damaged');
  });

  it('may have 2 GiB and no more', async () => {
    const zip = await zipWith(four);
    expect(await faultOf(zip, 2 * 1_024 ** 3 + 1)).toContain('has 2147483649 bytes; a zip may have 2147483648 at most');
  });

  it('needs a caption for every image, or one for all, where the vendor would fail without', async () => {
    const body = { trainer: 'fal-ai/flux-2-trainer' };
    const zip = await zipWith([...four, ['1.txt', 'x'], ['3.TXT', 'x']]);
    const [fault] = await judged(zip, undefined, body).faults();
    expect(fault).toMatchObject({
      field: 'defaultCaption',
      detail: expect.stringContaining('"2.jpg", "4.jpg"') as string,
    });
    expect(await judged(zip, undefined, { ...body, defaultCaption: 'a photo' }).faults()).toEqual([]);
  });

  it('says that a trigger is not used where there are captions', async () => {
    const zip = await zipWith([...four, ['1.txt', 'x']]);
    const { warnings } = await judged(zip, undefined, { type: 'style', triggerWord: 'x' }).input();
    expect(warnings).toEqual([expect.stringContaining('does not use triggerWord where there are captions')]);
  });
});
