import { createHash } from 'node:crypto';
import { RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers } from '../../kernel/webhooks/inbound-source.js';
import { keysFrom } from './fal.jwks.js';
import { checkMeaning, isSame, isSignedByAny, proofOf } from './fal.signature.js';
import { FAL_KEY_1, FAL_KEY_2, jwks, signedByFal } from './testing/fal-signing.js';

const BODY = Buffer.from(
  '{"error": null, "gateway_request_id": "req-1", "payload": {"ok": true}, "request_id": "req-1", "status": "OK"}',
);
const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const SIGNATURE =
  '0f7f3ebd952ed07f529e89ed6e65b21e5d05d131b5fa31704a4db6aeee54245ae1e885f61cb5f32f43bf789e3ba3221d211c070f089d04217db60b65d68ffa01';
const VECTOR = {
  'x-fal-webhook-request-id': 'req-1',
  'x-fal-webhook-user-id': 'user-1',
  'x-fal-webhook-timestamp': '1763700000',
  'x-fal-webhook-signature': SIGNATURE,
};
const PUBLISHED = keysFrom(Buffer.from(JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: X }] })));

const fits = (headers: Headers, body = BODY, keys = PUBLISHED) => isSignedByAny(keys, proofOf(headers), body);
const reasonOf = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    if (!(error instanceof RefusedNotice)) throw error;
    return error.genuine ? `${error.reason}, genuine` : error.reason;
  }
};

describe("fal.ai's signature", () => {
  it('fits the test vector', () => {
    expect(BODY).toHaveLength(110);
    expect(createHash('sha256').update(BODY).digest('hex')).toBe(
      '44f48fea1584ff083c3f1e6b6f171cbd199106ed4dfa2b9f8a1d4bd4b71831d0',
    );
    expect(fits(VECTOR)).toBe(true);
    expect(fits({ ...VECTOR, 'x-fal-webhook-signature': SIGNATURE.toUpperCase() })).toBe(true);
  });

  it('is made so by the key of the vector', () => {
    expect(jwks(FAL_KEY_1).keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', x: X });
    expect(signedByFal(BODY)).toEqual(VECTOR);
  });

  it('fits by any of the keys, for the headers name none', () => {
    const both = (...keys: (typeof FAL_KEY_1)[]) => keysFrom(Buffer.from(JSON.stringify(jwks(...keys))));
    expect(fits(VECTOR, BODY, both(FAL_KEY_2, FAL_KEY_1))).toBe(true);
    expect(fits(VECTOR, BODY, both(FAL_KEY_2))).toBe(false);
    expect(fits(VECTOR, BODY, [])).toBe(false);
  });

  it.each([
    ['x-fal-webhook-request-id', 'req-2'],
    ['x-fal-webhook-user-id', 'user-2'],
    ['x-fal-webhook-timestamp', '1763700001'],
    ['x-fal-webhook-signature', `1${SIGNATURE.slice(1)}`],
  ])('fits no other %s', (name, value) => expect(fits({ ...VECTOR, [name]: value })).toBe(false));

  it('fits no other body, not even the same one printed in another way', () => {
    for (const body of [JSON.stringify(JSON.parse(BODY.toString())), `${BODY.toString()}\n`, '']) {
      expect(fits(VECTOR, Buffer.from(body))).toBe(false);
    }
  });

  it.each<[string, string, unknown]>([
    ['missing_request_id', 'x-fal-webhook-request-id', undefined],
    ['missing_user_id', 'x-fal-webhook-user-id', ''],
    ['missing_timestamp', 'x-fal-webhook-timestamp', undefined],
    ['missing_signature', 'x-fal-webhook-signature', undefined],
    ['repeated_header', 'x-fal-webhook-request-id', 'req-1, req-1'],
    ['repeated_header', 'x-fal-webhook-user-id', ['user-1', 'user-1']],
    ['repeated_header', 'x-fal-webhook-signature', [SIGNATURE]],
    ['bad_header', 'x-fal-webhook-user-id', 'user-1 '],
    ['bad_header', 'x-fal-webhook-request-id', 'req\n1'],
    ['bad_header', 'x-fal-webhook-request-id', 'r'.repeat(201)],
    ['bad_timestamp', 'x-fal-webhook-timestamp', '1763700000.5'],
    ['bad_timestamp', 'x-fal-webhook-timestamp', '-1763700000'],
    ['bad_signature', 'x-fal-webhook-signature', SIGNATURE.slice(2)],
    ['bad_signature', 'x-fal-webhook-signature', `${SIGNATURE.slice(0, -1)}g`],
  ])('is refused as %s where %s is %j', (reason, name, value) => {
    expect(reasonOf(() => proofOf({ ...VECTOR, [name]: value }))).toBe(reason);
  });

  it.each([
    ['ok', 'user-1', 0],
    ['ok', 'user-1', 300],
    ['ok', 'user-1', -300],
    ['stale, genuine', 'user-1', 301],
    ['future, genuine', 'user-1', -301],
    ['other_account', 'user-2', 0],
    ['other_account', '', 0],
    ['other_account', 'user-2', 301],
  ])('once it is known to be right, is %s for the account %s after %d s', (reason, userId, age) => {
    const ours = { userId, toleranceSeconds: 300, nowSeconds: 1_763_700_000 + age };
    expect(reasonOf(() => checkMeaning(proofOf(VECTOR), ours))).toBe(reason);
  });

  it('compares texts of any length', () => {
    expect([isSame('a', 'a'), isSame('a', 'b'), isSame('a', 'aa'), isSame('', '')]).toEqual([true, false, false, true]);
  });
});

describe("fal.ai's key set", () => {
  const from = (set: unknown) => keysFrom(Buffer.from(JSON.stringify(set)));

  it('has the Ed25519 keys and nothing else that may be in it', () => {
    const others = [
      { kty: 'RSA', n: 'x' },
      { kty: 'OKP', crv: 'X25519', x: X },
      { kty: 'OKP', crv: 'Ed25519', x: 'AA' },
      null,
      7,
    ];
    expect(from({ keys: [...others, ...jwks(FAL_KEY_1).keys, { kty: 'OKP', crv: 'Ed25519' }] })).toHaveLength(1);
    expect(from({ keys: Array.from({ length: 50 }, () => jwks(FAL_KEY_1).keys[0]) })).toHaveLength(20);
  });

  it.each([[{}], [{ keys: [] }], [{ keys: 'x' }], [[]], [null], [{ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }] }]])(
    'is none in %j',
    (set) => expect(() => from(set)).toThrow('no JWK set'),
  );
});
