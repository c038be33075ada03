import { createHash } from 'node:crypto';
import { promisedSha256 } from './content-digest.js';

const hash = createHash('sha256').update('hello').digest();
const base64 = hash.toString('base64');

describe('The digest that a caller promises', () => {
  it.each<Record<string, string>>([
    { 'content-digest': `sha-256=:${base64}:` },
    { 'content-digest': `sha-512=:AAAA:, sha-256=:${base64}:` },
    { 'repr-digest': `SHA-256=:${base64}:` },
    { digest: `SHA-256=${base64}` },
    { digest: `md5=AAAA==,SHA-256=${base64}` },
  ])('is read from %j', (headers) => {
    expect(promisedSha256(headers)?.equals(hash)).toBe(true);
  });

  it('need not be there', () => {
    expect(promisedSha256({})).toBeNull();
  });

  it.each(['', 'sha-256', 'sha-256=::', 'sha-256=:AAAA:', `sha-512=:${base64}:`, `"sha-256=:${base64}:"`])(
    'is refused when it is %j: nobody may believe that it was checked',
    (value) => {
      expect(() => promisedSha256({ 'content-digest': value })).toThrow(/content-digest: must have sha-256/);
    },
  );
});
