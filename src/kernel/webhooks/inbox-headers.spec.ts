import { createHash } from 'node:crypto';
import { headersToKeep } from './inbox-headers.js';
import type { Headers } from './inbound-source.js';

const kept = (headers: Headers, secret: string[] = []) =>
  JSON.parse(headersToKeep(headers, secret)) as Record<string, unknown>;
const hash = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('the headers of a notice', () => {
  it('are kept as they came', () => {
    const headers = { 'content-type': 'application/json', 'x-retry-num': '1', 'set-cookie': ['a', 'b'] };
    expect(kept(headers)).toEqual(headers);
  });

  it('that prove something whatever the vendor are kept as a hash', () => {
    const headers = { authorization: 'Bearer hush', cookie: 'a=hush', 'proxy-authorization': 'Basic hush' };
    expect(headersToKeep(headers, [])).not.toContain('hush');
    expect(kept(headers)).toEqual({
      authorization: hash('Bearer hush'),
      cookie: hash('a=hush'),
      'proxy-authorization': hash('Basic hush'),
    });
  });

  it('that are secrets of this vendor are kept as a hash, and the others are not', () => {
    const headers = { 'x-secret-token': 'hush', 'x-signature': 'seen' };
    expect(kept(headers, ['x-secret-token'])).toEqual({ 'x-secret-token': hash('hush'), 'x-signature': 'seen' });
  });

  it('that are secrets are hashed even when they came twice', () => {
    expect(kept({ 'x-token': ['hush', 'hush'] }, ['x-token'])).toEqual({ 'x-token': hash('hush,hush') });
  });

  it('that are absent are left out', () => {
    expect(kept({ a: undefined, b: '' })).toEqual({ b: '' });
  });

  it('are JSON that Postgres takes, whatever is in them', () => {
    const text = headersToKeep({ a: 'x\0y', b: '\ud800', c: 'C:\\users', d: 'smile 😀', e: '\\u0000' }, []);
    expect(JSON.parse(text)).toEqual({ a: 'x\ufffdy', b: '\ufffd', c: 'C:\\users', d: 'smile 😀', e: '\\u0000' });
  });

  it('may be none', () => {
    expect(headersToKeep({}, [])).toBe('{}');
  });
});
