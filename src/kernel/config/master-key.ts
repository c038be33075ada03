import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { EnvironmentError } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

const MIN_BYTES = 32;

/** Hex and base64 are decoded, anything else counts as text; what is too short to be a key is refused. */
function keyBytes(name: string, text: string): Buffer {
  if (/^[0-9a-f]+$/i.test(text) && text.length >= 2 * MIN_BYTES && text.length % 2 === 0)
    return Buffer.from(text, 'hex');
  const bytes = /^[A-Za-z0-9+/_-]{43,}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.from(text, 'utf8');
  if (bytes.length < MIN_BYTES) {
    throw new EnvironmentError([`${name}: ${bytes.length} bytes are too few, 32 are needed (openssl rand -hex 32)`]);
  }
  return bytes;
}

/** The key kept in the home folder of a laptop, made on the first start. */
function generatedKey(home: string): string {
  const file = join(resolve(home), 'master-key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new EnvironmentError([
        `SIGNALBOX_HOME: ${file} cannot be read; give it back to this user, or set SIGNALBOX_MASTER_KEY`,
      ]);
    }
  }
  mkdirSync(resolve(home), { recursive: true, mode: 0o711 });
  try {
    writeFileSync(file, `${randomBytes(MIN_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new EnvironmentError([
        `SIGNALBOX_HOME: ${file} cannot be written; set SIGNALBOX_HOME or SIGNALBOX_MASTER_KEY`,
      ]);
    }
  }
  return readFileSync(file, 'utf8').trim();
}

/** Derives one key per use from the master key (HKDF-SHA-256, RFC 5869), so that no two uses ever share one. */
@Injectable()
export class MasterKey {
  private readonly current: Buffer;
  private readonly previous: Buffer | null;

  constructor(env: ServiceEnv) {
    this.current = keyBytes('SIGNALBOX_MASTER_KEY', env.SIGNALBOX_MASTER_KEY || generatedKey(env.SIGNALBOX_HOME));
    this.previous = env.SIGNALBOX_MASTER_KEY_PREVIOUS
      ? keyBytes('SIGNALBOX_MASTER_KEY_PREVIOUS', env.SIGNALBOX_MASTER_KEY_PREVIOUS)
      : null;
  }

  /** The keys for one use, 32 bytes each, newest first: sign with the first, verify with any. */
  derive(use: string): readonly [Buffer, ...Buffer[]] {
    const one = (key: Buffer) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `signalbox/${use}`, 32));
    return this.previous ? [one(this.current), one(this.previous)] : [one(this.current)];
  }
}
