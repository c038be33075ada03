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

  it.each<[string, Headers]>([
    ['believed', signed()],
    ['believed', signed([OTHER, SECRET])],
    ['believed', signed([SECRET], now() - 270)],
    ['believed', bearer()],
    ['believed', { authorization: `bearer  ${TOKEN}` }],
    // What says that it is signed stands or falls by that.
    ['believed', { ...signed(), ...bearer('wrong') }],
    ['wrong_signature', { ...signed([OTHER]), ...bearer() }],
    ['wrong_signature', signed([OTHER])],
    ['wrong_signature', { ...signed(), 'webhook-id': 'msg_2' }],
    ['wrong_signature', { ...signed(), 'webhook-timestamp': String(now() + 1) }],
    ['wrong_signature', { ...signed(), 'webhook-signature': signed()['webhook-signature']?.replace('v1,', 'v1a,') }],
    ['wrong_signature', { ...signed(), 'webhook-signature': signed()['webhook-signature']?.slice(0, -1) }],
    ['wrong_signature', signed([OTHER], now() - 1_000)],
    ['stale, genuine', signed([SECRET], now() - 330)],
    ['future, genuine', signed([SECRET], now() + 330)],
    ['bad_timestamp', { ...signed(), 'webhook-timestamp': 'yesterday' }],
    ['missing_timestamp', { ...signed(), 'webhook-timestamp': undefined }],
    ['missing_id', { ...signed(), 'webhook-id': '' }],
    ['missing_signature', { ...signed(), 'webhook-signature': ' ' }],
    ['repeated_header', { ...signed(), 'webhook-signature': [signed()['webhook-signature'] ?? ''] }],
    ['repeated_header', { ...signed(), 'webhook-id': 'msg_1, msg_1' }],
    ['wrong_token', bearer('wrong')],
    ['wrong_token', { authorization: `Basic ${TOKEN}` }],
    ['wrong_token', { authorization: TOKEN }],
    ['missing_proof', {}],
  ])('says %s to %j', async (verdict, headers) => {
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
