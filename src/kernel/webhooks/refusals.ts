import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { HOUR, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import type { Sweeper } from '../queue/sweep.js';
import type { InboundSource, Notice } from './inbound-source.js';
import { headersToKeep } from './inbox-headers.js';

const KEPT = 10_000;
const KEPT_BODY = 8_192;
const ROWS_A_SECOND = 5;
const LIMIT = { refusals: 20, window: 10 * SECOND };
/** Addresses remembered at once; a flood from more than these forgets the oldest. */
const MAX_ADDRESSES = 10_000;

/** Counts every refusal, keeps some, and says which addresses have had too many. */
@Injectable()
export class Refusals implements Sweeper {
  readonly name = 'refusals';
  readonly every = HOUR;

  private second = 0;
  private keptThisSecond = new Set<string>();
  private readonly byAddress = new Map<string, { since: number; count: number }>();

  constructor(
    private readonly database: Database,
    private readonly metrics: KernelMetrics,
    private readonly logger: AppLogger,
    private readonly pace: Pace,
  ) {}

  record(source: InboundSource, notice: Notice, reason: string): void {
    this.metrics.verificationsFailed.inc({ source: source.name, reason });
    this.remember(`${source.name} ${notice.address}`);
    if (!this.isWorthARow(`${notice.address} ${reason}`)) return;
    const { body } = notice;
    void this.database
      .execute(
        'insert into refusals (id, source, reason, address, headers, body, body_length) values ($1, $2, $3, $4, $5, $6, $7)',
        [
          uuidv7(),
          source.name,
          reason,
          notice.address,
          headersToKeep(notice.headers, source.secretHeaders),
          body.subarray(0, KEPT_BODY),
          body.length,
        ],
      )
      .catch((error: unknown) => this.logger.warn('a refusal was counted but not kept', { error }));
  }

  /** More than 20 refusals in 10 s from this address at this source. */
  hasTooMany(source: string, address: string): boolean {
    const seen = this.byAddress.get(`${source} ${address}`);
    return seen !== undefined && this.isFresh(seen) && seen.count >= LIMIT.refusals;
  }

  /** Keeps the last 10,000. */
  async sweep(): Promise<number> {
    await this.database.execute(
      'delete from refusals where id <= (select id from refusals order by id desc offset $1 limit 1)',
      [KEPT],
    );
    return 0;
  }

  private isFresh(seen: { since: number }): boolean {
    return performance.now() - seen.since < this.pace.ms(LIMIT.window);
  }

  private remember(key: string): void {
    const seen = this.byAddress.get(key);
    if (seen && this.isFresh(seen)) {
      seen.count += 1;
      return;
    }
    const [oldest] = this.byAddress.keys();
    if (this.byAddress.size >= MAX_ADDRESSES && oldest !== undefined) this.byAddress.delete(oldest);
    this.byAddress.delete(key);
    this.byAddress.set(key, { since: performance.now(), count: 1 });
  }

  /** Five rows a second, one per address and reason. */
  private isWorthARow(key: string): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.keptThisSecond = new Set();
    }
    if (this.keptThisSecond.size >= ROWS_A_SECOND || this.keptThisSecond.has(key)) return false;
    this.keptThisSecond.add(key);
    return true;
  }
}
