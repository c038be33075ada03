import { createHash } from 'node:crypto';
import { Pace } from '../../kernel/config/pace.js';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { ServiceEnv } from '../../kernel/config/service.env.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { CannotVerifyNow } from '../../kernel/webhooks/inbound-source.js';
import { FalEnv } from './fal.env.js';
import { FalKeys } from './fal.keys.js';
import { FalSource } from './fal.source.js';
import { FAL_KEY_1, FAL_KEY_2, jwks, signedByFal } from './testing/fal-signing.js';
import type { Signing } from './testing/fal-signing.js';
import { KeyServer } from './testing/key-server.js';
import { verdictOf } from './testing/verdict-of.js';

const BODY = Buffer.from('{"error": null, "request_id": "req-1", "status": "OK"}');
const secondsFromNow = (seconds: number) => String(Math.floor(Date.now() / 1_000) + seconds);
const signed = (over: Signing = {}, body = BODY) => signedByFal(body, { timestamp: secondsFromNow(0), ...over });

describe('The source of fal.ai', () => {
  let server: KeyServer;

  beforeEach(async () => {
    server = await new KeyServer().start();
    server.has(jwks(FAL_KEY_1));
  });

  afterEach(() => server.stop());

  function source(env: Record<string, string> = {}): FalSource {
    const service = parseEnv(ServiceEnv, { SIGNALBOX_TIME_FACTOR: '0.001', SIGNALBOX_SANDBOX: 'true' });
    const fal = parseEnv(FalEnv, { FAL_USER_ID: 'user-1', FAL_JWKS_URL: server.url, ...env });
    return new FalSource(fal, new FalKeys(fal, new Pace(service), new AppLogger(service, { write: () => undefined })));
  }

  it('believes what fal.ai has signed for our account', async () => {
    const one = source();
    for (const body of [BODY, Buffer.from([0, 0xff]), Buffer.from('{"half":')]) {
      expect(await verdictOf(one, signed({}, body), body)).toBe('believed');
    }
    expect(server.asked).toBe(1);
  });

  it.each<[string, string, Signing]>([
    ['wrong_signature', 'another key', { key: FAL_KEY_2 }],
    ['other_account', 'another account', { userId: 'user-2' }],
    // The signature is looked at first: who is not fal.ai learns nothing about the account, or the time.
    ['wrong_signature', 'another key and another account', { key: FAL_KEY_2, userId: 'user-2' }],
    ['wrong_signature', 'another key and an old time', { key: FAL_KEY_2, timestamp: secondsFromNow(-1_000) }],
    ['stale, genuine', 'an old time', { timestamp: secondsFromNow(-330) }],
    ['future, genuine', 'a time far ahead', { timestamp: secondsFromNow(330) }],
    ['believed', 'a time that is not old', { timestamp: secondsFromNow(-270) }],
  ])('says %s to %s', async (verdict, _, over) => {
    expect(await verdictOf(source(), signed(over), BODY)).toBe(verdict);
  });

  it('says so to a notice that is not signed at all, or is empty, without a look at the keys', async () => {
    expect(await verdictOf(source(), {}, BODY)).toBe('missing_request_id');
    expect(await verdictOf(source(), signed({}, Buffer.alloc(0)), Buffer.alloc(0))).toBe('empty_body');
    expect(server.asked).toBe(0);
  });

  it('believes new keys when a notice fits none of the old ones', async () => {
    const one = source();
    expect(await verdictOf(one, signed(), BODY)).toBe('believed');
    server.has(jwks(FAL_KEY_2));
    await new Promise((passed) => setTimeout(passed, 80));
    expect(await verdictOf(one, signed({ key: FAL_KEY_2 }), BODY)).toBe('believed');
    expect(await verdictOf(one, signed(), BODY)).toBe('wrong_signature');
  });

  it('cannot tell now while there are no keys, or nobody said whose account it is', async () => {
    server.answer = (response) => void response.writeHead(503).end();
    await expect(verdictOf(source(), signed(), BODY)).rejects.toThrow(CannotVerifyNow);
    const bare = source({ FAL_USER_ID: '' });
    expect(bare.missingKeys()).toEqual(['FAL_USER_ID']);
    await expect(verdictOf(bare, signed({ userId: '' }), BODY)).rejects.toThrow(CannotVerifyNow);
  });

  it('knows a notice by its request and its bytes, whenever it was signed', () => {
    const sha = createHash('sha256').update(BODY).digest('hex');
    const [now, later] = [signed(), signed({ timestamp: secondsFromNow(60) })];
    expect(source().identify(now, BODY)).toEqual({ deliveryId: `req-1:${sha}`, refs: ['req-1'] });
    expect(source().identify(later, BODY)).toEqual(source().identify(now, BODY));
    expect(source().sentAt(signedByFal(BODY))).toEqual(new Date(1_763_700_000_000));
    expect(source().sentAt({})).toBeNull();
  });

  it.each<[string, unknown]>([
    ['another request', 'req-2'],
    ['no id', 7],
    ['an id in another case', 'REQ-1'],
    ['nothing that could be one', '../req-1'],
  ])('finds that a notice contradicts itself whose body names %s, and names no job for it', (_, told) => {
    const body = Buffer.from(JSON.stringify({ request_id: told, status: 'OK' }));
    expect(source().contradiction(signed({}, body), body)).toContain('the header names request req-1');
    expect(source().identify(signed({}, body), body).refs).toEqual([]);
  });

  it('takes the header’s word where the body names none', () => {
    for (const text of ['null', '[]', '{"request_id":null}', '{"gateway_request_id":"g"}', 'no json', '']) {
      const body = Buffer.from(text);
      expect(source().contradiction(signed({}, body), body)).toBeNull();
      expect(source().identify(signed({}, body), body).refs).toEqual(['req-1']);
    }
  });

  it('never opens a job: what fal.ai tells us of, we asked for', () => {
    expect(source().identify(signed(), BODY).opens).toBeUndefined();
  });
});
