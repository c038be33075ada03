import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { keyBytes } from './key-bytes.js';
import { MasterKeyFile } from './master-key-file.js';
import { ServiceEnv } from './service.env.js';

/** Derives one key per use from the master key (HKDF-SHA-256, RFC 5869), so that no two uses ever share one. */
@Injectable()
export class MasterKey {
  private readonly current: Buffer;
  private readonly previous: Buffer | null;

  /** What the environment gives, else what is kept in the home folder: the key, and the one before it. */
  constructor(env: ServiceEnv) {
    const file = env.SIGNALBOX_MASTER_KEY ? null : new MasterKeyFile(env.SIGNALBOX_HOME);
    this.current = keyBytes('SIGNALBOX_MASTER_KEY', env.SIGNALBOX_MASTER_KEY || (file?.readOrMake() ?? ''));
    const previous = env.SIGNALBOX_MASTER_KEY_PREVIOUS || file?.readPrevious();
    this.previous = previous ? keyBytes('SIGNALBOX_MASTER_KEY_PREVIOUS', previous) : null;
  }

  /** The keys for one use, 32 bytes each, newest first: sign with the first, verify with any. */
  derive(use: string): readonly [Buffer, ...Buffer[]] {
    const one = (key: Buffer) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `signalbox/${use}`, 32));
    return this.previous ? [one(this.current), one(this.previous)] : [one(this.current)];
  }
}
