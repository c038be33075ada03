import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { InboxRow } from './inbox-writer.js';

export interface Repeat {
  /** The delivery that came first under this id. */
  deliveryId: string;
  /** True when it should be rung for again: the first was never applied. */
  ring: boolean;
  /** True when the id is the same but the body is not. */
  conflicting: boolean;
}

/** Notices that the ledger knew: counted, and useful when the first of them came to nothing. */
@Injectable()
export class InboxRepeats {
  constructor(private readonly database: Database) {}

  async count(row: InboxRow): Promise<Repeat> {
    const [first] = await this.database.query<{ inbox_id: string; received_at: Date; body_sha: Buffer }>(
      `update delivery_ids set times = times + 1, last_seen_at = now(),
              last_retry_number = coalesce($3, last_retry_number), last_retry_reason = coalesce($4, last_retry_reason)
       where source = $1 and delivery_id = $2 returning inbox_id, received_at, body_sha`,
      [row.source, row.deliveryId, row.retryNumber, row.retryReason],
    );
    if (!first) return { deliveryId: row.id, ring: false, conflicting: false };
    if (!first.body_sha.equals(row.bodySha)) {
      await this.keepConflicting(row);
      return { deliveryId: row.id, ring: false, conflicting: true };
    }
    return {
      deliveryId: first.inbox_id,
      ring: await this.takeOver(first.inbox_id, first.received_at, row),
      conflicting: false,
    };
  }

  /**
   * A repeat of a delivery that was never applied brings its own address along: the first one may have been the wrong one.
   * After a mismatch it surely was, so it does not stay where the repeat names no job.
   */
  private async takeOver(id: string, receivedAt: Date, row: InboxRow): Promise<boolean> {
    const taken = await this.database.execute(
      `update deliveries set callback_job = case when outcome = 'mismatch' then $3 else coalesce($3, callback_job) end,
              outcome = null, closed_at = null, due_at = now()
       where id = $1 and received_at = $2 and (outcome in ('mismatch', 'dead', 'unrecognized') or (outcome is null and detail is not null))`,
      [id, receivedAt, row.callbackJob],
    );
    return taken > 0;
  }

  private async keepConflicting(row: InboxRow): Promise<void> {
    await this.database.execute(
      `insert into deliveries (id, received_at, source, provider, delivery_id, refs, callback_job, address, headers, body, outcome, closed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'conflicting', now())`,
      [
        row.id,
        new Date(row.receivedAt),
        row.source,
        row.provider,
        row.deliveryId,
        row.refs,
        row.callbackJob,
        row.address,
        row.headers,
        row.body,
      ],
    );
  }
}
