import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { fieldsOf } from '../../kernel/http/json-fields.js';
import { readJson } from './fal.json.js';

/** A set has one or two; each costs every notice a look. */
const MOST_KEYS = 20;

/** The Ed25519 keys of a JWK set (RFC 7517, RFC 8037); what else is in it is left out. @throws where there is none */
export function keysFrom(bytes: Buffer): KeyObject[] {
  const set: unknown = fieldsOf(readJson(bytes))?.keys;
  const keys = (Array.isArray(set) ? set : []).flatMap(keyFrom).slice(0, MOST_KEYS);
  if (keys.length === 0) throw new Error('the answer is no JWK set with an Ed25519 key in it');
  return keys;
}

function keyFrom(jwk: unknown): KeyObject[] {
  const { kty, crv, x } = fieldsOf(jwk) ?? {};
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') return [];
  try {
    return [createPublicKey({ key: { kty, crv, x }, format: 'jwk' })];
  } catch {
    return [];
  }
}
