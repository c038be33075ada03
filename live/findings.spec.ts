import { createHmac } from 'node:crypto';
import { findingsIn, lifetimeOf } from './findings.js';
import type { NoticeSeen } from './findings.js';

const secret = 'whs_0123456789abcdef0123456789abcdef';
const body = Buffer.from('{"jobId":"j","status":"succeeded","output":{}}');
const now = 1_763_700_000;

function tryAt(
  at: number,
  stamp = at,
  encoding: 'hex' | 'base64' = 'hex',
  more: NoticeSeen['headers'] = {},
): NoticeSeen {
  const signature = createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest(encoding);
  return { headers: { 'x-request-timestamp': String(stamp), 'x-signature': signature, ...more }, body, at };
}
const seenOf = (tries: NoticeSeen[], secrets = [secret]) =>
  Object.fromEntries(findingsIn(tries, secrets).map(({ fact, seen }) => [fact, seen]));

describe('What a live run finds out', () => {
  it.each([
    ['hex', 'lower-case hex; it verifies'],
    ['base64', 'base64; it verifies'],
  ] as const)('the signature in %s', (encoding, seen) => {
    expect(seenOf([tryAt(now, now, encoding)])['encoding of the signature']).toBe(seen);
  });

  it('a signature that is another’s, or that nobody can tell', () => {
    expect(seenOf([tryAt(now)], ['whs_other'])['encoding of the signature']).toMatch(
      /^lower-case hex; it does NOT verify/,
    );
    expect(seenOf([tryAt(now)], [])['encoding of the signature']).toMatch(/not verified, since/);
    const odd = { ...tryAt(now), headers: { 'x-signature': 'v0=abc' } };
    expect(seenOf([odd])['encoding of the signature']).toMatch(/^6 characters that are neither/);
  });

  it('whether a retry has a time of its own, once it comes late enough to tell', () => {
    const time = (...tries: NoticeSeen[]) => seenOf(tries)['time of a retry'];
    expect(time()).toBeNull();
    expect(time(tryAt(now))).toBeNull();
    expect(time(tryAt(now), tryAt(now + 1, now))).toBeNull();
    expect(time(tryAt(now), tryAt(now + 60, now))).toBe(`that of the first try: ${now} again, 60 s later`);
    expect(time(tryAt(now), tryAt(now + 60))).toBe(`fresh: ${now}, then ${now + 60}, 60 s later`);
  });

  it('what else comes with a notice', () => {
    expect(seenOf([tryAt(now)])).toMatchObject({
      'retry headers of the first delivery': 'none',
      'keys in the body of a notice': 'jobId, status, output',
    });
    expect(seenOf([tryAt(now, now, 'hex', { 'x-retry-num': '0' })])).toMatchObject({
      'retry headers of the first delivery': 'x-retry-num',
    });
  });

  it.each([
    ['https://s3.example/x?X-Amz-Expires=3600&X-Amz-Date=20261121T000000Z', 3_600],
    ['https://gcs.example/x?x-goog-expires=900', 900],
    [`https://old.example/x?Expires=${now + 600}`, 600],
    ['https://blob.example/x?se=2025-11-21T05%3A00%3A00Z', 1_200],
    ['https://plain.example/x?token=1', null],
    ['https://plain.example/x?expires=soon', null],
  ])('how long %s works', (address, seconds) => {
    expect(lifetimeOf(address, now)).toBe(seconds);
  });
});
