import { Injectable } from '@nestjs/common';
import { SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { VALID_KEY } from './key-rows.js';
import { hashOf } from './key-text.js';

const FRESH = SECOND;
/** The most recently used ones, where there are more. */
const MOST = 50_000;

/**
 * Which keys are good, known without a question per key: while somebody tries keys by the thousand the database hears
 * one question a second. That is a bound on load, so it does not follow the pace.
 */
@Injectable()
export class UsableKeys {
  private hashes: ReadonlySet<string> = new Set();
  private readAt = -Infinity;
  private reading: Promise<void> | null = null;

  constructor(private readonly database: Database) {}

  /** A key made within the last second may not be known yet. @throws when the database is away */
  async has(key: string): Promise<boolean> {
    if (performance.now() - this.readAt > FRESH) await (this.reading ??= this.read());
    return this.hashes.has(hashOf(key).toString('base64'));
  }

  private async read(): Promise<void> {
    try {
      const rows = await this.database.query<{ hash: Buffer }>(
        `select hash from api_keys where ${VALID_KEY}
         order by last_used_at desc nulls last, id desc limit $1`,
        [MOST],
      );
      this.hashes = new Set(rows.map(({ hash }) => hash.toString('base64')));
      this.readAt = performance.now();
    } finally {
      this.reading = null;
    }
  }
}
