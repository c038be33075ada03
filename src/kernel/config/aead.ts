import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { MasterKey } from './master-key.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([\w-]{8})\.([\w-]+)$/;

/** What was sealed cannot be opened: tampered with, from another context, or under a key that is no longer there. */
export class CannotOpen extends Error {}

/**
 * Authenticated encryption with associated data (AES-256-GCM, NIST SP 800-38D) under a key of its own per use. The text
 * that comes out names its key, so that the previous master key still opens what it sealed. For the secrets of jobs,
 * for voiceprints, and for those of endpoints, which come with a later part.
 */
export class Aead {
  private readonly keys: readonly { id: string; key: Buffer }[];

  constructor(masterKey: Pick<MasterKey, 'derive'>, use: string) {
    this.keys = masterKey.derive(use).map((key) => ({ id: idOf(key), key }));
  }

  /** `context` says what it belongs to (`voiceprint:<id>`): it is not stored, and needed again to open. */
  seal(plain: Buffer, context: string): string {
    const [current] = this.keys;
    if (!current) throw new Error('the master key gave no key');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', current.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const sealed = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
    return `v1.${current.id}.${Buffer.concat(sealed).toString('base64url')}`;
  }

  /** @throws {CannotOpen} without saying more than that */
  open(sealed: string, context: string): Buffer {
    const [, id, text = ''] = SEALED.exec(sealed) ?? [];
    const found = this.keys.find((candidate) => candidate.id === id);
    const bytes = Buffer.from(text, 'base64url');
    if (!found) throw new CannotOpen('sealed under a key that is not there (any more)');
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== text)
      throw new CannotOpen('cut short');
    try {
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new CannotOpen('tampered with, or of another context');
    }
  }

  /** Whether there is a previous key, under which something may be sealed. */
  get isTurning(): boolean {
    return this.keys.length > 1;
  }

  /** The same under the present key; the text itself where that sealed it. @throws {CannotOpen} */
  renew(sealed: string, context: string): string {
    return this.isCurrent(sealed) ? sealed : this.seal(this.open(sealed, context), context);
  }

  /** Whether it is sealed under the present key; what is not should be sealed anew before the previous one is dropped. */
  isCurrent(sealed: string): boolean {
    return SEALED.exec(sealed)?.[1] === this.keys[0]?.id;
  }
}

/** Six bytes that tell keys apart and nothing of the key. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('signalbox key id').update(key).digest().subarray(0, 6).toString('base64url');
}
