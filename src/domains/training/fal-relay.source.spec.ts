import { createHash } from 'node:crypto';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { signed as standardSigned } from '../../kernel/notifications/sending/standard-webhooks.js';
import { CannotVerifyNow } from '../../kernel/webhooks/inbound-source.js';
import type { Headers } from '../../kernel/webhooks/inbound-source.js';
import { FalEnv } from './fal.env.js';
import { FalRelaySource } from './fal-relay.source.js';
import { verdictOf } from './testing/verdict-of.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazO5ZQFKe0A=';
const TOKEN = 'relay-token-0123456789';
const BODY = Buffer.from('{"request_id":"req-1","status":"completed","result":{}}');
const now = () => Math.floor(Date.now() / 1_000);

const source = (env: Record<string, string> = { FAL_RELAY_SECRET: SECRET, FAL_RELAY_TOKEN: TOKEN }) =>
  new FalRelaySource(parseEnv(FalEnv, env));
const signed = (secrets: readonly string[] = [SECRET], seconds = now(), body = BODY): Record<string, string> => ({
  ...standardSigned('msg_1', seconds, body.toString(), secrets),
});
const withSignature = (change: (signature: string) => string): Headers => ({
  ...signed(),
  'webhook-signature': change(signed()['webhook-signature'] ?? ''),
});
const bearer = (token = TOKEN): Headers => ({ authorization: `Bearer ${token}` });

describe('The source of relays', () => {
  it('is not offered while there is neither a secret nor a token, and believes nobody then', async () => {
    const bare = source({});
    expect(bare.isOffered()).toBe(false);
    for (const headers of [{}, signed(), signed(['whsec_']), bearer(), bearer(''), { authorization: 'Bearer' }]) {
      await expect(verdictOf(bare, headers, BODY)).rejects.toThrow(CannotVerifyNow);
      expect(bare.provesItself(headers)).toBe(false);
    }
    expect(
      [source({ FAL_RELAY_SECRET: SECRET }), source({ FAL_RELAY_TOKEN: TOKEN })].map((one) => one.isOffered()),
    ).toEqual([true, true]);
  });

  it.each(['whsec_', 'whsec_c2hvcnQ=', 'not-a-secret-but-long-enough-to-be-one'])(
    'has no secret in %s, with which anybody could sign',
    async (secret) => {
      expect(source({ FAL_RELAY_SECRET: secret }).missingKeys()).toEqual(['FAL_RELAY_SECRET']);
      expect(await verdictOf(source({ FAL_RELAY_SECRET: secret }), signed([secret]), BODY)).toBe('missing_proof');
      expect(source({ FAL_RELAY_SECRET: secret, FAL_RELAY_TOKEN: TOKEN }).missingKeys()).toEqual([]);
    },
  );

  it.each<[string, string, Headers]>([
    ['believed', 'a signature', signed()],
    ['believed', 'one of two signatures', signed([OTHER, SECRET])],
    ['believed', 'a signature that is not old', signed([SECRET], now() - 270)],
    ['believed', 'our token', bearer()],
    ['believed', 'our token, spelled as it may be', { authorization: `bearer  ${TOKEN}` }],
    // What says that it is signed stands or falls by that.
    ['believed', 'a signature and a wrong token', { ...signed(), ...bearer('wrong') }],
    ['wrong_signature', 'a wrong signature and our token', { ...signed([OTHER]), ...bearer() }],
    ['wrong_signature', 'a signature by another secret', signed([OTHER])],
    ['wrong_signature', 'another id than was signed', { ...signed(), 'webhook-id': 'msg_2' }],
    ['wrong_signature', 'another time than was signed', { ...signed(), 'webhook-timestamp': String(now() + 1) }],
    ['wrong_signature', 'another version', withSignature((signature) => signature.replace('v1,', 'v1a,'))],
    ['wrong_signature', 'a signature that is cut off', withSignature((signature) => signature.slice(0, -1))],
    ['wrong_signature', 'a wrong signature that is old as well', signed([OTHER], now() - 1_000)],
    ['stale, genuine', 'an old signature', signed([SECRET], now() - 330)],
    ['future, genuine', 'a signature from the future', signed([SECRET], now() + 330)],
    ['bad_timestamp', 'a time that is none', { ...signed(), 'webhook-timestamp': 'yesterday' }],
    ['missing_timestamp', 'no time', { ...signed(), 'webhook-timestamp': undefined }],
    ['missing_id', 'no id', { ...signed(), 'webhook-id': '' }],
    ['missing_signature', 'an empty signature', withSignature(() => ' ')],
    ['repeated_header', 'a list of headers', { ...signed(), 'webhook-signature': ['v1,x', 'v1,y'] }],
    ['repeated_header', 'two headers as Node joins them', withSignature((signature) => `${signature}, ${signature}`)],
    ['repeated_header', 'two ids', { ...signed(), 'webhook-id': 'msg_1, msg_1' }],
    ['wrong_token', 'another token', bearer('wrong')],
    ['wrong_token', 'another scheme', { authorization: `Basic ${TOKEN}` }],
    ['wrong_token', 'no scheme', { authorization: TOKEN }],
    ['missing_proof', 'nothing at all', {}],
  ])('says %s to %s', async (verdict, _, headers) => {
    expect(await verdictOf(source(), headers, BODY)).toBe(verdict);
  });

  it('believes a secret or a token only where it is set', async () => {
    expect(await verdictOf(source({ FAL_RELAY_TOKEN: TOKEN }), signed(), BODY)).toBe('missing_proof');
    expect(await verdictOf(source({ FAL_RELAY_TOKEN: TOKEN }), { ...signed([OTHER]), ...bearer() }, BODY)).toBe(
      'believed',
    );
    expect(await verdictOf(source({ FAL_RELAY_SECRET: SECRET }), bearer(), BODY)).toBe('wrong_token');
    expect(await verdictOf(source(), signed([SECRET], now(), Buffer.from('')), Buffer.from(''))).toBe('empty_body');
    expect(await verdictOf(source(), signed(), Buffer.from('{}'))).toBe('wrong_signature');
  });

  it('knows who needs no body to be believed, and keeps no token', () => {
    expect([bearer(), bearer('x'), signed(), {}].map((headers) => source().provesItself(headers))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(source().secretHeaders).toEqual(['authorization']);
  });

  it('knows a notice by the id that was signed with it, else by its bytes', () => {
    const sha = createHash('sha256').update(BODY).digest('hex');
    expect(source().identify(signed(), BODY).deliveryId).toBe('msg_1');
    // Nobody vouches for these.
    expect(source().identify({ ...bearer(), 'webhook-id': 'msg_1' }, BODY).deliveryId).toBe(sha);
    expect(source({ FAL_RELAY_TOKEN: TOKEN }).identify(signed(), BODY).deliveryId).toBe(sha);
    expect(source().sentAt(signed([SECRET], 1_763_700_000))).toEqual(new Date(1_763_700_000_000));
    expect(source().sentAt({ ...bearer(), 'webhook-timestamp': '1763700000' })).toBeNull();
  });

  it('opens a job of its team for a training that it may have started itself', () => {
    const identity = source({ FAL_RELAY_TOKEN: TOKEN, FAL_RELAY_TEAM: 'studio' }).identify({}, BODY);
    expect(identity).toMatchObject({
      refs: ['req-1'],
      opens: { kind: 'training', externalId: 'req-1', team: 'studio', facts: { origin: 'relay' } },
    });
  });

  it.each([
    '{"request_id":"req-1","status":"warming up"}',
    '{"request_id":"req-1"}',
    '{"status":"completed"}',
    '[]',
    'no',
  ])('opens none for %s', (text) => expect(source().identify({}, Buffer.from(text)).opens).toBeUndefined());
});
