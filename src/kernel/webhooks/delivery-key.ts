import { createHash } from 'node:crypto';
import { parse as parseUuid } from 'uuid';
import { wellFormed } from '../database/json-safe.js';

const MAX_ID_BYTES = 200;

/** An id that a text column and an index take: what is too long or not well-formed is stored as its SHA-256. */
export function safeId(id: string): string {
  const fits = Buffer.byteLength(id) <= MAX_ID_BYTES && wellFormed(id) === id;
  return fits ? id : `sha256:${createHash('sha256').update(id, 'utf16le').digest('hex')}`;
}

/** The milliseconds inside a uuid v7: the partition that a delivery id belongs to (RFC 9562, section 5.7). */
export function timeOfId(id: string): number {
  return Buffer.from(parseUuid(id)).readUIntBE(0, 6);
}
