import { hash } from 'node:crypto';
import { validate } from 'uuid';
import { wellFormed } from '../database/json-safe.js';

const MAX_ID_BYTES = 200;
/** What nearly all ids are made of; the others are looked at more closely. */
const PLAIN = /^[\w.:-]{1,200}$/;

/** An id that a text column and an index take: what is too long or not well-formed is stored as its SHA-256. */
export function safeId(id: string): string {
  if (PLAIN.test(id)) return id;
  const fits = Buffer.byteLength(id) <= MAX_ID_BYTES && wellFormed(id) === id;
  return fits ? id : `sha256:${hash('sha256', Buffer.from(id, 'utf16le'), 'hex')}`;
}

/** The milliseconds inside a uuid v7: the partition that a delivery id belongs to (RFC 9562, section 5.7). */
export function timeOfId(id: string): number {
  if (!validate(id)) throw new TypeError('Invalid UUID');
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

let last: { body: Buffer; sha: Buffer } | null = null;

/** SHA-256 of a notice's body. The inbox asks, and so does a source whose notices have no other id: reckoned once. */
export function bodySha(body: Buffer): Buffer {
  if (last?.body !== body) last = { body, sha: hash('sha256', body, 'buffer') };
  return last.sha;
}
