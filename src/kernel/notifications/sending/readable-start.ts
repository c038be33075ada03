import { wellFormed } from '../../database/json-safe.js';

const MOST = 1_000;

/** The beginning of an answer as text that a column takes and a person can read; null where there is none. */
export function readableStart(bytes: Buffer): string | null {
  // Cut in the middle of a character, it would end in a replacement character.
  const text = bytes.toString('utf8').replace(/\uFFFD+$/, '');
  // eslint-disable-next-line no-control-regex -- terminals and columns
  const plain = wellFormed(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '�')).slice(0, MOST);
  return plain === '' ? null : plain;
}
