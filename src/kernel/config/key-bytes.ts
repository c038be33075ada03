import { EnvironmentError } from './parse-env.js';

const MIN_BYTES = 32;

function bytesOf(text: string): Buffer {
  if (/^[0-9a-f]+$/i.test(text) && text.length >= 2 * MIN_BYTES && text.length % 2 === 0)
    return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/_-]{43,}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.from(text, 'utf8');
}

/** What is wrong with a text as a key, without showing it; null when nothing is. */
export function keyFault(text: string): string | null {
  const { length } = bytesOf(text);
  return length < MIN_BYTES ? `${length} bytes are too few, 32 are needed (openssl rand -hex 32)` : null;
}

/** Hex and base64 are decoded, anything else counts as text; what is too short to be a key is refused. */
export function keyBytes(name: string, text: string): Buffer {
  const fault = keyFault(text);
  if (fault !== null) throw new EnvironmentError([`${name}: ${fault}`]);
  return bytesOf(text);
}
