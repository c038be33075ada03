import { randomUUID } from 'node:crypto';
import { World } from './harness/service.js';
import { Inbox } from './harness/inbox.js';
import { secondsFromNow } from './harness/signed-notice.js';

const LIMIT = 200_000;

describe('The bytes of a notice', () => {
  let world: World;
  let inbox: Inbox;
  const older = 'whs_from_before_the_last_change';
  const next = 'whs_not_in_use_by_the_vendor_yet';

  beforeAll(async () => {
    world = await World.create('inbound bytes', { env: { BODY_LIMIT: String(LIMIT), TRUST_PROXY: 'true' } });
    await world.start({ PYANNOTEAI_WEBHOOK_SECRETS: `${next}, ${world.vendor.webhookSecret} ${older}` });
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());

  /** Each refusal from an address of its own, so that none is refused for the others. */
  let hosts = 0;
  const elsewhere = () => ({ 'x-forwarded-for': `198.51.${Math.floor(++hosts / 250)}.${(hosts % 250) + 1}` });
  const news = () => ({ jobId: randomUUID(), status: 'succeeded' });

  it.each([
    'application/json',
    'application/json; charset=iso-8859-1',
    'application/webhook+json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'no type at all',
    ';',
    null,
  ])('are kept exactly when the content type is %s', async (contentType) => {
    const bytes = Buffer.from(
      `\r\n{ "jobId" : "${randomUUID()}",\t"status":"\\u0073ucceeded", "n": 1.0e2, "é": "\u2028" }\n `,
    );
    const id = await inbox.sendWell(bytes, { contentType, headers: { 'content-encoding': 'identity' } });
    const kept = await inbox.delivery(id);
    expect(Buffer.from(kept.bodyBase64, 'base64').equals(bytes)).toBe(true);
    expect(kept.headers['content-type']).toBe(contentType ?? undefined);
  });

  it('are kept when they came to the original address, whose query counts as well', async () => {
    await world.vendor.fault('hang');
    const made = await world.diarize();
    await world.until(made.id, 'running');
    const { search } = new URL(await inbox.addressOf(made.id));
    // Nothing in the body says which job is meant: only the query does.
    const id = await inbox.sendWell({ status: 'failed' }, { to: `/webhook${search}` });
    expect(await world.until(made.id, 'failed')).toMatchObject({ error: { code: 'vendor_failed' } });
    expect(await inbox.until(id, 'applied')).toMatchObject({ source: 'pyannote', jobId: made.id });
  });

  const unreadable: [string, string | Buffer][] = [
    ['cut off in the middle', '{"jobId":"b5b9e3d2-55f0-4a37-8c0a-0d2b3c1f6a77","status":"succ'],
    ['no JSON at all', 'jobId=1&status=succeeded'],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80, 0x00])],
    ['a list', '[{"status":"succeeded"}]'],
    ['null', 'null'],
    ['one space', ' '],
    ['nested 90,000 levels deep', `${'['.repeat(90_000)}${']'.repeat(90_000)}`],
    ['about a prototype', '{"__proto__":{"status":"succeeded"},"constructor":{"prototype":{"jobId":"x"}}}'],
    ['about an id with NUL', '{"jobId":"a\\u0000b","status":"succeeded"}'],
    ['about an id with half a character', '{"jobId":"\\ud800","status":"succeeded"}'],
    ['about an endless id', JSON.stringify({ jobId: 'x'.repeat(50_000), status: 'succeeded' })],
    ['about an id that is an object', '{"jobId":{"toString":null},"status":"succeeded"}'],
  ];

  it.each(unreadable)('are kept, and their outcome is to be seen, when they are %s', async (_what, bytes) => {
    const id = await inbox.sendWell(bytes);
    const kept = await inbox.until(id, 'waiting');
    expect(Buffer.from(kept.bodyBase64, 'base64').equals(Buffer.from(bytes))).toBe(true);
    expect(kept).toMatchObject({ jobId: null, detail: 'no job of ours is known by its ids' });
  });

  it('are as large as the limit allows, and not a byte larger: then nothing is stored', async () => {
    const body = (length: number) => {
      const start = JSON.stringify({ ...news(), filler: '' }).slice(0, -2);
      return `${start}${'x'.repeat(length - start.length - 2)}"}`;
    };
    const id = await inbox.sendWell(body(LIMIT));
    expect(Buffer.from((await inbox.delivery(id)).bodyBase64, 'base64')).toHaveLength(LIMIT);
    const count = async () =>
      (
        await world.db.query(
          'select (select count(*) from deliveries) as kept, (select count(*) from refusals) as refused',
        )
      )[0];
    const before = await count();
    for (const chunked of [false, true]) {
      const answer = await inbox.send(body(LIMIT + 1), { chunked });
      expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    }
    expect(await count()).toEqual(before);
  });

  it.each([['hex'], ['base64']] as const)('count when the signature is written in %s', async (encoding) => {
    expect((await inbox.send(news(), { encoding })).status).toBe(200);
  });

  it('count under each secret of the list while one is being changed, and under no other', async () => {
    for (const secret of [next, world.vendor.webhookSecret, older]) {
      expect((await inbox.send(news(), { secret })).status).toBe(200);
    }
    expect(await inbox.send(news(), { secret: 'whs_of_somebody_else', headers: elsewhere() })).toMatchObject({
      status: 401,
    });
  });

  it.each([
    ['a minute ago', -60],
    ['14 minutes ago, by a vendor that retries with its first time', -14 * 60],
    ['by a clock 4 minutes ahead', 4 * 60],
  ])('count when they were signed %s', async (_when, seconds) => {
    expect((await inbox.send(news(), { timestamp: secondsFromNow(seconds) })).status).toBe(200);
  });

  const body = JSON.stringify({ jobId: randomUUID(), status: 'succeeded' });
  const good = 'a'.repeat(64);
  const forged: [string, string, Parameters<Inbox['send']>[1]][] = [
    ['nothing', 'missing_signature', { headers: { 'x-signature': undefined } }],
    ['an empty signature', 'missing_signature', { headers: { 'x-signature': '' } }],
    ['no time', 'missing_timestamp', { headers: { 'x-request-timestamp': undefined } }],
    ['the signature twice', 'repeated_header', { headers: { 'x-signature': [good, good] } }],
    ['the time twice', 'repeated_header', { headers: { 'x-request-timestamp': ['1', '1'] } }],
    ['the signature of another body', 'wrong_signature', { signs: `${body} ` }],
    ['the body’s own signature under a word', 'wrong_signature', { headers: { 'x-signature': `v0=${good}` } }],
    ['half a signature', 'wrong_signature', { headers: { 'x-signature': good.slice(0, 32) } }],
    ['a word as time', 'bad_timestamp', { timestamp: 'yesterday' }],
    ['a time with a fraction', 'bad_timestamp', { timestamp: `${secondsFromNow(0)}.5` }],
    ['a time in milliseconds', 'bad_timestamp', { timestamp: `${secondsFromNow(0)}000` }],
    ['a time before 1970', 'bad_timestamp', { timestamp: '-1' }],
    ['a time 16 minutes ago', 'stale', { timestamp: secondsFromNow(-16 * 60) }],
    ['a time 6 minutes ahead', 'future', { timestamp: secondsFromNow(6 * 60) }],
  ];

  it.each(forged)('are refused with %s: %s', async (_what, reason, options) => {
    const count = async () => (await world.db.query('select count(*) from deliveries'))[0];
    const before = await count();
    const answer = await inbox.send(body, { ...options, headers: { ...elsewhere(), ...options?.headers } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'signature_refused' } });
    expect(answer.body.detail).toMatch(new RegExp(`^${reason}: `));
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(await count()).toEqual(before);
    expect(await world.metric(new RegExp(`verifications_failed_total.*reason="${reason}"`))).toBeGreaterThan(0);
  });

  it('are refused when there are none', async () => {
    const answer = await inbox.send('', { headers: elsewhere() });
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.body.detail).toMatch(/^empty_body/);
  });
});
