import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signed } from './standard-webhooks.js';

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
