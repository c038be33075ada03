import { invalidField } from '../http/problem.js';

const SHA256_BYTES = 32;

/**
 * The SHA-256 that the caller says the bytes have: `Content-Digest` or `Repr-Digest` with `sha-256=:…:` (RFC 9530), or the
 * older `Digest: SHA-256=…` (RFC 3230). Null without one. @throws a 400 naming the header when it says nothing we can check
 */
export function promisedSha256(headers: Readonly<Record<string, string | string[] | undefined>>): Buffer | null {
  for (const name of ['content-digest', 'repr-digest', 'digest']) {
    const value = headers[name];
    if (value !== undefined) return sha256In(name, [value].flat().join(','));
  }
  return null;
}

function sha256In(name: string, value: string): Buffer {
  for (const member of value.split(',')) {
    const [, algorithm = '', text = ''] = /^\s*([\w-]+)\s*=\s*:?([A-Za-z0-9+/]+=*):?\s*$/.exec(member) ?? [];
    if (algorithm.toLowerCase() !== 'sha-256') continue;
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length === SHA256_BYTES) return bytes;
  }
  throw invalidField(name, 'must have sha-256=:<base64 of 32 bytes>:, the one digest that is checked here');
}
