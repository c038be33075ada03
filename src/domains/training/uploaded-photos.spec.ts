import { ordering } from './testing/ordering.js';
import { SVG, picture } from './testing/pictures.js';
import { TeamFiles } from './testing/team-files.js';

let jpeg: Buffer;
beforeAll(async () => {
  jpeg = await picture();
});

/** What the route says of uploaded images, by their names and contents. */
function judged(uploads: readonly (readonly [string, Buffer, number?])[], more: object = {}) {
  const files = new TeamFiles();
  const ids = uploads.map((upload) => files.add(...upload));
  const on = ordering(files);
  const body = { type: 'style', files: ids, ...more };
  return { ...on, files, ids, body, faults: () => on.faultsOf(body), input: () => on.inputOf(body) };
}

describe('images that were uploaded one by one', () => {
  it('stand in the order by their ids, and are kept for as long as the job may wait', async () => {
    const { faults, input, ids, files } = judged([
      ['1.jpg', jpeg],
      ['2.png', await picture('png')],
      ['2.txt', Buffer.from('x')],
    ]);
    expect(await faults()).toEqual([]);
    expect(files.kept.toSorted()).toEqual(ids);
    const kept = await input();
    expect(kept.files).toEqual(ids);
    expect(kept.warnings).toEqual([expect.stringContaining('there are 2 images; at least 4 are advised')]);
  });

  it.each<[string, string, () => Buffer, string]>([
    ['an SVG named .jpg', 'b.jpg', () => SVG, '"b.jpg" is no image'],
    ['a text', 'b.png', () => Buffer.from('hello'), '"b.png" is no image'],
    ['nothing', 'b.jpg', () => Buffer.alloc(0), '"b.jpg" is empty'],
    ['half an image', 'b.jpg', () => jpeg.subarray(0, 500), '"b.jpg" cannot be decoded'],
    ['another under the same name', 'A.JPG', () => jpeg, 'has the name "A.JPG", as files[0] has ("a.jpg")'],
  ])('are refused with %s among them, by name', async (_what, name, make, detail) => {
    const faults = await judged([
      ['a.jpg', jpeg],
      [name, make()],
    ]).faults();
    expect(faults).toEqual([{ field: 'files[1]', detail: expect.stringContaining(detail) as string }]);
  });

  it('are refused with all that is wrong named at once', async () => {
    const faults = await judged([
      ['a.jpg', SVG],
      ['b.jpg', jpeg],
      ['c.jpg', Buffer.from('x')],
    ]).faults();
    expect(faults.map(({ field }) => field)).toEqual(['files[0]', 'files[2]']);
  });

  it('may be of any size, but not of more than 64 MiB each', async () => {
    const [fault] = await judged([['a.jpg', jpeg, 64 * 1_024 ** 2 + 1]]).faults();
    expect(fault).toMatchObject({ field: 'files[0]', detail: expect.stringContaining('67108864 at most') as string });
  });

  it('are refused when there are only captions', async () => {
    const faults = await judged([['a.txt', Buffer.from('x')]]).faults();
    expect(faults).toEqual([{ field: 'files', detail: 'has no images in it, only captions' }]);
  });

  it('are named when they are not there', async () => {
    const { faults, files, ids, dryRunOf, body } = judged([
      ['a.jpg', jpeg],
      ['b.jpg', jpeg],
    ]);
    files.lose(ids[1] ?? '');
    const missing = [{ field: 'files[1]', detail: 'names no file of yours (any more); upload it with POST /v1/files' }];
    expect(await faults()).toEqual(missing);
    await expect(dryRunOf(body)).rejects.toMatchObject({ extras: { errors: missing } });
  });

  it('may have captions by their names', async () => {
    const four = ['1.jpg', '2.jpg', '3.jpg', '4.jpg'].map((name) => [name, jpeg] as const);
    const { input } = judged(four, { captions: { '1.JPG': 'one', '2.jpg': 'two' } });
    const kept = await input();
    expect(kept).toMatchObject({ captions: { '1.JPG': 'one', '2.jpg': 'two' } });
    expect(kept.warnings).toBeUndefined();
  });

  it.each<[object, string, string]>([
    [{ '9.jpg': 'x' }, 'captions["9.jpg"]', 'is the name of none of these images'],
    [{ '1.jpg': '' }, 'captions["1.jpg"]', 'must be a text of 1 to 5000'],
    [{ '1.jpg': 7 }, 'captions["1.jpg"]', 'must be a text of 1 to 5000'],
    [{ '1.jpg': '\uDC00' }, 'captions["1.jpg"]', 'must be well-formed'],
    [{ '2.jpg': 'x' }, 'captions["2.jpg"]', 'is captioned by "2.txt" too'],
    [{ toString: 'x' }, 'captions["toString"]', 'is the name of none'],
  ])('are refused with the captions %j', async (captions, field, detail) => {
    const faults = await judged(
      [
        ['1.jpg', jpeg],
        ['2.jpg', jpeg],
        ['2.txt', Buffer.from('x')],
      ],
      { captions },
    ).faults();
    expect(faults).toEqual([{ field, detail: expect.stringContaining(detail) as string }]);
  });
});
