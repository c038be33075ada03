import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, so that a plain hash of it can be stored. */
export const newKeyText = (): string => `sbx_${randomBytes(32).toString('base64url')}`;

/** What of a key may be shown. */
export const prefixOf = (key: string): string => key.slice(0, 10);

export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
