import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { isSignedWith, signed } from './standard-webhooks.js';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const now = () => Math.floor(Date.now() / 1_000);
const body = JSON.stringify({ type: 'diarization.succeeded', data: { text: 'Grüße, 👋 ' } });

describe('a notification’s signature', () => {
  it('is one that the receivers’ own package verifies', () => {
    const known = secret();
    const headers = { ...signed('msg_1', now(), body, [known]) };
    expect(new Webhook(known).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('holds for the old and the new secret while one replaces the other', () => {
    const [fresh, old] = [secret(), secret()];
    const headers = { ...signed('msg_1', now(), body, [fresh, old]) };
    for (const known of [fresh, old]) expect(() => new Webhook(known).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(secret()).verify(body, headers)).toThrow('No matching signature');
  });

  it.each<[string, (headers: Record<string, string>) => [string, Record<string, string>]]>([
    ['another body', (headers) => [`${body} `, headers]],
    ['another id', (headers) => [body, { ...headers, 'webhook-id': 'msg_2' }]],
    ['another time', (headers) => [body, { ...headers, 'webhook-timestamp': String(now() + 1) }]],
  ])('does not hold for %s', (_, change) => {
    const known = secret();
    const [text, headers] = change({ ...signed('msg_1', now(), body, [known]) });
    expect(() => new Webhook(known).verify(text, headers)).toThrow('No matching signature');
  });
});

describe('somebody else’s signature', () => {
  const known = secret();
  const message = (secrets: readonly string[]) => {
    const headers = signed('msg_1', now(), body, secrets);
    return {
      id: 'msg_1',
      timestamp: headers['webhook-timestamp'],
      signatures: headers['webhook-signature'],
      body: Buffer.from(body),
    };
  };

  it('is believed as the senders’ own package makes it', () => {
    const at = new Date();
    const signatures = new Webhook(known).sign('msg_1', at, body);
    const timestamp = String(Math.floor(at.getTime() / 1_000));
    expect(isSignedWith(known, { id: 'msg_1', timestamp, signatures, body: Buffer.from(body) })).toBe(true);
  });

  it('is believed where any one of several fits', () => {
    expect(isSignedWith(known, message([secret(), known]))).toBe(true);
    expect(isSignedWith(known, message([secret(), secret()]))).toBe(false);
  });

  it.each<[string, (signature: string) => string]>([
    ['of another version', (signature) => signature.replace('v1,', 'v2,')],
    ['of no version', (signature) => signature.replace('v1,', '')],
    ['in loose base64', (signature) => signature.replace(/=$/, '')],
    ['in base64 with something more behind it', (signature) => `${signature}A`],
    ['that is cut off', (signature) => signature.slice(0, -4)],
    ['that is empty', () => ''],
    ['behind a hundred others', (signature) => `${'v1,x '.repeat(100)}${signature}`],
  ])('is not believed %s', (_, change) => {
    const good = message([known]);
    expect(isSignedWith(known, { ...good, signatures: change(good.signatures) })).toBe(false);
  });

  it.each([{ id: 'msg_2' }, { timestamp: '1' }, { body: Buffer.from(`${body} `) }])(
    'is of no other message: %j',
    (other) => {
      expect(isSignedWith(known, { ...message([known]), ...other })).toBe(false);
    },
  );
});
