import { Injectable } from '@nestjs/common';
import { MINUTE, Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import { wellFormed } from '../database/json-safe.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';

const HOLD = MINUTE;

/** Keeps a provider's submits back when the account itself is in trouble: bad key, no credit, locked. */
@Injectable()
export class ProviderHolds {
  constructor(
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly metrics: KernelMetrics,
    private readonly logger: AppLogger,
  ) {}

  /** Holds the queue 60 s, or as long as the vendor said. One log line per hold. */
  async hold(provider: string, reason: string, afterMs?: number): Promise<void> {
    await this.database.execute(
      `insert into provider_states (provider, held_until, held_reason) values ($1, now() + $2 * interval '1 millisecond', $3)
       on conflict (provider) do update set held_until = excluded.held_until, held_reason = excluded.held_reason, updated_at = now()`,
      [provider, afterMs ?? this.pace.ms(HOLD), wellFormed(reason)],
    );
    this.metrics.providerHeld.set({ provider }, 1);
    this.logger.warn('submits held', { provider, reason });
  }

  /** Providers whose submits are kept back now, with the reason. */
  async held(): Promise<Map<string, string>> {
    const rows = await this.database.query<{ provider: string; reason: string | null; held: boolean }>(
      `select provider, held_reason as reason, (paused or coalesce(held_until > now(), false)) as held from provider_states`,
    );
    for (const row of rows) this.metrics.providerHeld.set({ provider: row.provider }, row.held ? 1 : 0);
    return new Map(rows.filter((row) => row.held).map((row) => [row.provider, row.reason ?? 'paused']));
  }
}
