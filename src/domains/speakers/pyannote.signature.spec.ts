import { createHmac } from 'node:crypto';
import { RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers } from '../../kernel/webhooks/inbound-source.js';
import { verifySignature } from './pyannote.signature.js';

const SECRET = 'whs_0123456789abcdef0123456789abcdef';
const STAMP = '1763700000';
const NOW = 1_763_700_010;
const BODY = Buffer.from(
  '{"jobId":"00000000-0000-4000-8000-000000000001","status":"succeeded","output":{"diarization":[{"speaker":"SPEAKER_00","start":1.2,"end":3.4}]}}',
);
const HEX = '7ff761f7f8aef81b70f314566dcc72f69ee0f23471d3a7b84329d30accfa7cb6';
const BASE64 = 'f/dh9/iu+Btw8xRWbcxy9p7g8jRx06e4QynTCsz6fLY=';

const signed = (signature: unknown, stamp: unknown = STAMP) =>
  ({ 'x-signature': signature, 'x-request-timestamp': stamp }) as Headers;
const hexOf = (stamp: string, secret = SECRET) =>
  createHmac('sha256', secret).update(`v0:${stamp}:`).update(BODY).digest('hex');

function verdict(headers: Headers, over: { body?: Buffer; secrets?: string[]; nowSeconds?: number } = {}): string {
  try {
    verifySignature({ headers, body: BODY, secrets: [SECRET], maxAgeSeconds: 900, nowSeconds: NOW, ...over });
    return 'ok';
  } catch (error) {
    if (!(error instanceof RefusedNotice)) throw error;
    return error.genuine ? `${error.reason}, genuine` : error.reason;
  }
}

describe("pyannote's signature", () => {
  it('has the published length of body', () => expect(BODY).toHaveLength(143));

  it.each([
    ['hex in lower case', HEX],
    ['hex in upper case', HEX.toUpperCase()],
    ['base64', BASE64],
  ])('takes the test vector as %s', (_, signature) => expect(verdict(signed(signature))).toBe('ok'));

  it.each([
    ['the last of several', ['whs_new', 'whs_newer', SECRET]],
    ['the first of several', [SECRET, 'whs_old']],
  ])('finds the right secret, %s', (_, secrets) => expect(verdict(signed(HEX), { secrets })).toBe('ok'));

  it.each<[string, string, Headers, Parameters<typeof verdict>[1]?]>([
    ['no signature', 'missing_signature', { 'x-request-timestamp': STAMP }],
    ['an empty signature', 'missing_signature', signed('')],
    ['no timestamp', 'missing_timestamp', { 'x-signature': HEX }],
    ['an empty timestamp', 'missing_timestamp', signed(HEX, '')],
    ['a list of signatures', 'repeated_header', signed([HEX, HEX])],
    ['a list of one', 'repeated_header', signed([HEX])],
    ['signatures joined by Node', 'repeated_header', signed(`${HEX}, ${HEX}`)],
    ['timestamps joined by Node', 'repeated_header', signed(HEX, `${STAMP}, ${STAMP}`)],
    ['a timestamp in words', 'bad_timestamp', signed(HEX, 'yesterday')],
    ['a timestamp in milliseconds', 'bad_timestamp', signed(hexOf(`${STAMP}000`), `${STAMP}000`)],
    ['a signed ISO time', 'bad_timestamp', signed(hexOf('2025-11-21T04:40:00Z'), '2025-11-21T04:40:00Z')],
    ['a negative timestamp', 'bad_timestamp', signed(hexOf('-5'), '-5')],
    ['a hexadecimal timestamp', 'bad_timestamp', signed(hexOf('0x1'), '0x1')],
    ['a timestamp with a fraction', 'bad_timestamp', signed(hexOf('1763700000.5'), '1763700000.5')],
    ['a timestamp in other digits', 'bad_timestamp', signed(HEX, '١٧٦٣٧٠٠٠٠٠')],
    ['an empty body', 'empty_body', signed(HEX), { body: Buffer.alloc(0) }],
    ['another body', 'wrong_signature', signed(HEX), { body: Buffer.concat([BODY, Buffer.from('\n')]) }],
    ['another timestamp', 'wrong_signature', signed(HEX, '1763700001')],
    ['another secret', 'wrong_signature', signed(HEX), { secrets: ['whs_other'] }],
    ['the secret without its prefix', 'wrong_signature', signed(HEX), { secrets: [SECRET.slice(4)] }],
    ['no secret at all', 'wrong_signature', signed(HEX), { secrets: [] }],
    ['a prefix', 'wrong_signature', signed(`v0=${HEX}`)],
    ['half a signature', 'wrong_signature', signed(HEX.slice(0, 32))],
    ['zeros where nothing was decoded', 'wrong_signature', signed('0'.repeat(64))],
    ['no encoding that we know', 'wrong_signature', signed('!')],
    ['base64 with loose last bits', 'wrong_signature', signed(BASE64.replace('LY=', 'LZ='))],
    ['base64 without its padding', 'wrong_signature', signed(BASE64.slice(0, -1))],
    ['base64 with spaces in it', 'wrong_signature', signed(`${BASE64.slice(0, 20)} ${BASE64.slice(20)}`)],
  ])('refuses %s as %s', (...[, reason, headers, over]) => expect(verdict(headers, over)).toBe(reason));

  it.each([
    [900, 'ok'],
    [901, 'stale, genuine'],
    [-300, 'ok'],
    [-301, 'future, genuine'],
  ])('judges an age of %d s: %s', (age, expected) => {
    expect(verdict(signed(HEX), { nowSeconds: Number(STAMP) + age })).toBe(expected);
  });

  it('calls a stale notice with a wrong signature wrong, so that genuine is knowledge', () => {
    expect(verdict(signed(hexOf(STAMP, 'whs_other')), { nowSeconds: NOW + 9_999 })).toBe('wrong_signature');
  });

  it('refuses every change of a single byte of the body', () => {
    for (let at = 0; at < BODY.length; at += 1) {
      const body = Buffer.from(BODY);
      body.writeUInt8((body.readUInt8(at) ^ 1) & 0xff, at);
      expect(verdict(signed(HEX), { body })).toBe('wrong_signature');
    }
  });

  it.each([HEX, BASE64])('refuses every change of a single character of %s', (signature) => {
    for (let at = 0; at < signature.length; at += 1) {
      const other = signature[at] === '1' ? '2' : '1';
      const changed = `${signature.slice(0, at)}${other}${signature.slice(at + 1)}`;
      expect(verdict(signed(changed))).toBe('wrong_signature');
    }
  });
});
