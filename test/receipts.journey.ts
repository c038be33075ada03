import { randomUUID } from 'node:crypto';
import { ApiClient } from './harness/api-client.js';
import type { Answer } from './harness/api-client.js';
import { itLong } from './harness/long.js';
import { receiptsWorld, sample } from './harness/receipts.js';
import type { ReceiptsAnswer, ReceiptsWorld } from './harness/receipts.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

const WAIT = { Prefer: 'wait=60' };
/** The stand-in for a remote reader finds none. */
const NO_RECEIPT = /^signalbox_photos_total\{outcome="no_receipt"/;

describe('Photos of receipts', () => {
  let world: World;
  let key: string;
  let api: ApiClient;
  let post: ReceiptsWorld['post'];

  beforeAll(async () => {
    ({ world, key, api, post } = await receiptsWorld('receipts'));
  });

  afterAll(() => world.end());

  const headers = { ...WAIT, 'Idempotency-Key': randomUUID() };
  const fields = { language: 'en', labels: '{"trip":"7"}' };
  const sendTwo = () =>
    post([sample('en-01-bakery'), sample('en-05-market')], { headers, fields, query: '?debug=true' });
  let sent: Promise<Answer<ReceiptsAnswer>> | undefined;
  /** Really read, which takes long: once for all tests. */
  const two = () => (sent ??= sendTwo());

  it('are read two at once, each rightly, within one wait', async () => {
    const answer = await two();
    expect(answer.status).toBe(200);
    const { batch, photos } = answer.body;
    expect(photos.map(({ photo, name, status }) => ({ photo, name, status }))).toEqual([
      { photo: 0, name: 'en-01-bakery.jpg', status: 'succeeded' },
      { photo: 1, name: 'en-05-market.jpg', status: 'succeeded' },
    ]);
    const [bakery, market] = photos.map(({ result }) => result);
    expect(bakery).toMatchObject({
      reader: 'ocr',
      isReceipt: true,
      fields: { total: { value: '52.70' }, date: { value: '2023-02-14' } },
      items: [{ amount: '14.50' }, { quantity: '3', unitPrice: '6.20', amount: '18.60' }, { amount: '19.60' }],
      disagreements: [],
      image: { paper: expect.any(String) as string, papers: 1 },
    });
    expect(market).toMatchObject({ fields: { total: { value: '20.19' }, date: { value: '2024-09-30' } } });
    expect(bakery?.image.stages.map(({ name }) => name)).toEqual([
      'decode',
      'find',
      'straighten',
      'deskew',
      'whiten',
      'read',
    ]);
    expect((await api.get(`/v1/batches/${batch}`)).body).toMatchObject({ kind: 'receipt', total: 2, settled: 2 });
    const job = await api.get<JobAnswer>(`/v1/receipts/${photos[0]?.id}`);
    expect(job.body).toMatchObject({ status: 'succeeded', labels: { trip: '7' }, result: { reader: 'ocr' } });
    const csv = await api.get<string>(`/v1/jobs/${photos[0]?.id}/result?format=csv`);
    expect(csv.body).toMatch(/^text,quantity,unitPrice,amount,confidence\r\n/);
  });

  it('can be looked at: each picture, and all that was read around the straightened one', async () => {
    const { body } = await two();
    const [{ id = '', result }] = body.photos as [(typeof body.photos)[number]];
    expect(Object.keys(result?.pictures ?? {}).sort()).toEqual(
      ['original', 'straightened', 'whitened', 'decode', 'straighten', 'deskew', 'whiten'].sort(),
    );
    for (const kind of ['original', 'straightened', 'whitened', 'decode']) {
      const answer = await fetch(new URL(`/v1/receipts/${id}/image?kind=${kind}`, world.url), {
        headers: { authorization: `Bearer ${key}` },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect({ kind, status: answer.status, start: bytes.subarray(0, 3).toString('hex') }).toEqual({
        kind,
        status: 200,
        start: 'ffd8ff',
      });
    }
    expect((await api.get(`/v1/receipts/${id}/image?kind=find`)).status).toBe(409);
    const overlay = await api.get<string>(`/v1/receipts/${id}/overlay.svg`);
    expect(overlay.status).toBe(200);
    expect(overlay.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(overlay.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(overlay.body).toContain('total: 52.70');
    expect(overlay.body).toContain('data:image/jpeg;base64,/9j/');

    await world.team('others');
    const strangers = new ApiClient(world.url, await world.key(['jobs:read', 'jobs:write'], 'others'));
    for (const path of ['', '/overlay.svg', '/image', '/image?kind=original'])
      expect(await strangers.get(`/v1/receipts/${id}${path}`)).toMatchObject({
        status: 404,
        body: { code: 'receipt_not_found' },
      });
  });

  it('that are sent again under one key are not read again, and nothing more is kept', async () => {
    const first = await two();
    const kept = await files();
    const again = await sendTwo();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await files()).toBe(kept);
    expect((await post([sample('en-01-bakery')], { headers })).status).toBe(422);
  });

  const sameAtOnce = async (times: number) => {
    const photo = sample('en-02-hardware');
    const before = await world.metric(NO_RECEIPT);
    const answers = await Promise.all(
      Array.from({ length: times }, () => post([photo], { fields: { reader: 'stub' }, headers: WAIT })),
    );
    expect(answers.map(({ status, body }) => [status, body.photos[0]?.status])).toEqual(
      Array.from({ length: times }, () => [200, 'succeeded']),
    );
    expect(new Set(answers.map(({ body }) => body.photos[0]?.id)).size).toBe(times);
    expect(await world.metric(NO_RECEIPT)).toBe(before + times);
  };

  it('that are the same one five times at once are read five times', () => sameAtOnce(5));

  itLong('that are the same one fifty times at once are read fifty times', () => sameAtOnce(50));

  it('whose process vanished three times are given up', async () => {
    const { body } = await post([sample('en-02-hardware')], { fields: { reader: 'stub' } });
    const id = body.photos[0]?.id ?? '';
    await world.until(id, 'submitting');
    // As if two workers had vanished with it before, and now this one.
    await world.db.execute(
      `update jobs set resubmits = 2, attempt = attempt + 1, asked_at = now(), submit_at = now() - interval '1 second' where id = $1`,
      [id],
    );
    const job = await world.until(id);
    expect(job).toMatchObject({ status: 'failed', result: null, error: { code: 'photo_gave_up' } });
  });

  const files = async () =>
    Number((await world.db.query<{ n: string }>('select count(*) as n from files where deleted_at is null'))[0]?.n);
});
