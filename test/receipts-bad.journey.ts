import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { asQuad } from '../src/domains/photos/pipeline/geometry.js';
import { longGif, pdfOf, pngOf } from '../src/domains/photos/pipeline/testing/hostile-files.js';
import { photographed } from '../src/domains/photos/samples/scene.js';
import { textPage } from '../src/domains/photos/samples/text-page.js';
import { few, itLong } from './harness/long.js';
import { receiptsWorld, sample } from './harness/receipts.js';
import type { Photo, ReceiptsAnswer, ReceiptsWorld } from './harness/receipts.js';
import { World } from './harness/service.js';
import { flood } from './harness/upload.js';

const WAIT = { Prefer: 'wait=60' };
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><script>alert(1)</script></svg>';

const file = (name: string, bytes: Buffer | string): Photo => ({ name, bytes: new Uint8Array(Buffer.from(bytes)) });

describe('Bad photos among good ones', () => {
  let world: World;
  let key: string;
  let post: ReceiptsWorld['post'];
  let order: ReceiptsWorld['order'];

  beforeAll(async () => {
    ({ world, key, post, order } = await receiptsWorld('receipts-bad'));
  });

  afterAll(() => world.end());

  it('are refused each in its own place, and hold up nobody', async () => {
    const good = sample('en-05-market');
    const photos = [
      file('empty.jpg', ''),
      file('text.jpg', 'This is not a photo.'),
      file('page.jpg', '<!doctype html><p>hello'),
      file('drawing.png', SVG),
      file('frames.gif', longGif()),
      { name: 'half.jpg', bytes: good.bytes.slice(0, good.bytes.length * 0.6) },
      file('bomb.png', pngOf(30_000, 30_000)),
      file('dot.png', pngOf(1, 1)),
      file('strip.png', pngOf(20_000, 10, 10)),
      good,
    ];
    const { status, body } = await post(photos, { headers: WAIT, fields: { language: 'en' } });
    expect(status).toBe(200);
    expect(body.photos.map(({ error, status }) => error?.code ?? status)).toEqual([
      'photo_empty',
      'photo_type_unsupported',
      'photo_type_unsupported',
      'photo_type_unsupported',
      'photo_type_unsupported',
      'photo_unreadable',
      'photo_too_many_pixels',
      'photo_too_small',
      'photo_too_small',
      'succeeded',
    ]);
    expect(body.photos.map(({ id }) => id !== undefined)).toEqual([
      ...Array<boolean>(5).fill(false),
      ...Array<boolean>(5).fill(true),
    ]);
    expect(body.photos[1]?.error?.detail).toContain('Send JPEG');
    expect(body.photos[9]?.result).toMatchObject({ fields: { total: { value: '20.19' } } });
  });

  it('with no good one among them are a 4xx that says why', async () => {
    const one = await post([file('drawing.jpg', SVG)]);
    expect(one).toMatchObject({ status: 415, body: { code: 'photo_type_unsupported' } });
    const two = await post([file('drawing.jpg', SVG), file('empty.jpg', '')]);
    expect(two.status).toBe(400);
    expect(two.body.errors?.map(({ field }) => field)).toEqual(['photos[0]', 'photos[1]']);
    expect(await post([])).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('that are more than twenty are refused together, and nothing of them is kept', async () => {
    const before = await files();
    const photo = sample('en-01-bakery');
    const answer = await post(Array.from({ length: 21 }, () => photo));
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field: 'photos', detail: 'must be 20 at most; send more requests' }]);
    expect(await files()).toBe(before);
    const url = 'https://example.com/a.jpg';
    expect((await order({ photos: Array.from({ length: 21 }, () => ({ url })) })).status).toBe(400);
  });

  it.each(few([30, 100], 1))('of %i MB are refused while the one beside them is taken', async (megabytes) => {
    const form = new FormData();
    const large = Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), ...flood(megabytes * 1e6)]);
    form.append('photo', new Blob([new Uint8Array(large)]), 'large.jpg');
    form.append('photo', new Blob([sample('en-05-market').bytes]), 'small.jpg');
    form.append('reader', 'stub');
    const answer = await fetch(new URL('/v1/receipts', world.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    });
    expect(answer.status).toBe(202);
    const { photos } = (await answer.json()) as ReceiptsAnswer;
    expect(photos).toMatchObject([
      { name: 'large.jpg', error: { code: 'photo_too_large' } },
      { name: 'small.jpg', status: expect.any(String) as string },
    ]);
    expect((await post([file('large.jpg', large)])).status).toBe(413);
  });

  it('in a PDF are its pages, each a receipt of its own', async () => {
    const { status, body } = await post([file('scan.pdf', pdfOf(2))], { fields: { reader: 'stub' } });
    expect(status).toBe(202);
    expect(body.photos.map(({ photo, page }) => [photo, page])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(new Set(body.photos.map(({ id }) => id)).size).toBe(2);
    expect(await post([file('locked.pdf', pdfOf(1, { locked: true }))])).toMatchObject({
      status: 422,
      body: { code: 'pdf_locked' },
    });
  });

  itLong('in a PDF of twelve pages are the first ten', async () => {
    const { status, body } = await post([file('scan.pdf', pdfOf(12))], { fields: { reader: 'stub' }, headers: WAIT });
    expect(status).toBe(200);
    expect(body.photos.map(({ photo, page, status }) => [photo, page, status])).toEqual(
      Array.from({ length: 10 }, (_, i) => [0, i + 1, 'succeeded']),
    );
  });

  it('by an address that is private or answers nothing are refused', async () => {
    const refused = await order({ photos: [{ url: 'http://169.254.169.254/latest' }, { url: 'http://[::1]/a.jpg' }] });
    expect(refused).toMatchObject({ status: 400, body: { code: 'url_refused' } });
    const nothing = await order({
      photos: [{}, { file: 'x' }, { file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11', url: 'x' }, 7],
    });
    expect(nothing.status).toBe(400);
    expect(nothing.body.errors).toHaveLength(4);

    const server = createServer((request, reply) => {
      if (request.url === '/receipt.jpg') reply.end(sample('en-05-market').bytes);
      else if (request.url === '/inward') reply.writeHead(302, { location: 'http://10.0.0.1/a.jpg' }).end();
      else reply.writeHead(404).end('no');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const photos = ['receipt.jpg', 'inward', 'missing'].map((path) => ({ url: `${at}/${path}` }));
      const { body } = await order({ photos, reader: 'stub' }, WAIT);
      expect(body.photos.map(({ error, status }) => error?.code ?? status)).toEqual([
        'succeeded',
        'photo_unreachable',
        'photo_unreachable',
      ]);
      const original = await fetch(new URL(`${body.photos[0]?.links?.image}?kind=original`, world.url), {
        headers: { authorization: `Bearer ${key}` },
      });
      expect(Buffer.from(await original.arrayBuffer())).toEqual(Buffer.from(sample('en-05-market').bytes));
    } finally {
      server.close();
    }
  });

  it('of something else have no numbers made up for them', async () => {
    const { data, width, height } = textPage(600, 800);
    const page = await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer();
    const grey = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer();
    const { body } = await post([file('marks.jpg', page), file('wall.jpg', grey)], {
      headers: WAIT,
      fields: { language: 'en' },
    });
    for (const { status, result } of body.photos) {
      expect(status).toBe('succeeded');
      expect(result).toMatchObject({ isReceipt: false, needsReview: true, items: [] });
      expect(result?.reason).toBeTruthy();
      expect(Object.values(result?.fields ?? {}).filter((field) => field !== null)).toEqual([]);
    }
  });

  itLong('that lie upside down are read all the same', async () => {
    const turned = await sharp(sample('en-01-bakery').bytes).rotate(180).jpeg().toBuffer();
    const { body } = await post([file('turned.jpg', turned)], { headers: WAIT, fields: { language: 'en' } });
    expect(body.photos[0]?.result).toMatchObject({ turned: 180, fields: { total: { value: '52.70' } } });
  });

  it('that are two on one photo are said to be two', async () => {
    const sheets = await Promise.all(
      ['en-01-bakery', 'en-02-hardware'].map(async (name, i) => {
        const { data, info } = await sharp(sample(name).bytes)
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true });
        const corners = [
          [90, 150],
          [690, 170],
          [680, 1_050],
          [75, 1_030],
        ].map(([x = 0, y = 0]) => ({ x: x + 700 * i, y }));
        return { page: { data, width: info.width, height: info.height }, quad: asQuad(corners) };
      }),
    );
    const scene = photographed({ width: 1_500, height: 1_200, table: 'wood', sheets });
    const { data, width, height } = scene;
    const both = await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer();
    const { body } = await post([file('both.jpg', both)], { headers: WAIT, fields: { reader: 'stub' } });
    const result = body.photos[0]?.result;
    expect(result).toMatchObject({ needsReview: true, image: { papers: 2 } });
    expect(result?.reviewReasons[0]).toContain('2 receipts');
  });

  it('and bad options are refused by field', async () => {
    const photos = [{ url: 'https://example.com/a.jpg' }];
    for (const [field, body] of [
      ['reader', { photos, reader: 'crystal-ball' }],
      ['language', { photos, language: 'tlh' }],
      ['colour', { photos, colour: true }],
      ['photos', { photos: [] }],
      ['photos', {}],
    ] as const)
      expect((await order(body)).body.errors?.[0]?.field).toBe(field);
    expect((await post([sample('en-05-market')], { fields: { labels: 'no json' } })).body.errors?.[0]?.field).toBe(
      'labels',
    );
  });

  const files = async () =>
    Number((await world.db.query<{ n: string }>('select count(*) as n from files where deleted_at is null'))[0]?.n);
});
