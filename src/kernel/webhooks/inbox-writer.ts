import { Injectable } from '@nestjs/common';
import { DAY } from '../config/pace.js';
import { Database, sqlState } from '../database/database.js';
import { OID, asBytes, asJsonb, asText, asTimestamp, asUuid, binaryArray } from '../database/binary-array.js';
import type { Encoder } from '../database/binary-array.js';
import { databaseIsAway } from '../http/problem.filter.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Partitions } from './partitions.js';

/** One notice on its way into the inbox; everything scrubbed, nothing can fail its neighbours by being ill-formed. */
export interface InboxRow {
  id: string;
  /** Milliseconds; the time inside the id. */
  receivedAt: number;
  source: string;
  provider: string;
  deliveryId: string;
  /** JSON text. */
  refs: string;
  callbackJob: string | null;
  address: string;
  /** JSON text. */
  headers: string;
  body: Buffer;
  bodySha: Buffer;
  retryNumber: string | null;
  retryReason: string | null;
}

interface Waiting {
  row: InboxRow;
  resolve: (isNew: boolean) => void;
  reject: (error: unknown) => void;
}

const MAX_ROWS = 256;
const MAX_BYTES = 1_048_576;
const ALONE = 65_536;
/** One loses to single inserts on slow disks, more than two gain nothing. */
const STATEMENTS_UNDER_WAY = 2;
const NO_PARTITION = '23514';

/** Ledger and inbox in one statement; joined on the row's own id, so that repeats inside one group come out right. */
const INSERT = {
  name: 'inbox-insert',
  text: `
with input as materialized (
  select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[],
                       $8::text[], $9::jsonb[], $10::bytea[], $11::bytea[], $12::text[], $13::text[])
    as t(id, received_at, source, provider, delivery_id, refs, callback_job, address, headers, body, body_sha,
         retry_number, retry_reason)
), ledger as (
  insert into delivery_ids (source, delivery_id, inbox_id, received_at, body_sha, last_retry_number, last_retry_reason)
  select source, delivery_id, id, received_at, body_sha, retry_number, retry_reason from input
  on conflict do nothing returning inbox_id
), stored as (
  insert into deliveries (id, received_at, source, provider, delivery_id, refs, callback_job, address, headers, body, due_at)
  select id, received_at, source, provider, delivery_id, refs, callback_job, address, headers, body, now()
  from input join ledger on ledger.inbox_id = input.id
)
select id from input where id not in (select inbox_id from ledger)`,
};

/**
 * Writes notices in groups: whatever arrived while the previous statement was under way goes together, without a timer.
 * A promise settles only after its row is committed.
 */
@Injectable()
export class InboxWriter {
  private waiting: Waiting[] = [];
  private underWay = 0;
  private scheduled = false;

  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
    private readonly metrics: KernelMetrics,
  ) {}

  /** True when the notice is new, false when the ledger knows it. Rejects when it could not be kept. */
  add(row: InboxRow): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ row, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.underWay >= STATEMENTS_UNDER_WAY || this.waiting.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.send();
    });
  }

  private send(): void {
    while (this.underWay < STATEMENTS_UNDER_WAY && this.waiting.length > 0) {
      this.underWay += 1;
      void this.write(this.nextGroup());
    }
  }

  private nextGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { row } of this.waiting) {
      if (count > 0 && (count >= MAX_ROWS || bytes + row.body.length > MAX_BYTES || row.body.length > ALONE)) break;
      bytes += row.body.length;
      count += 1;
      if (row.body.length > ALONE) break;
    }
    return this.waiting.splice(0, count);
  }

  private async write(group: Waiting[]): Promise<void> {
    // Sorted by the ledger's key: two groups with the same ids in opposite order would deadlock.
    group.sort((a, b) => compare(a.row, b.row));
    this.metrics.ingestGroup.observe(group.length);
    try {
      const known = await this.insert(group.map((one) => one.row));
      this.done();
      for (const { row, resolve } of group) resolve(!known.has(row.id));
    } catch (error) {
      this.done();
      await this.oneByOne(group, error);
    }
  }

  private done(): void {
    this.underWay -= 1;
    this.schedule();
  }

  /** The group failed: each row is tried once alone, so that only the bad one is refused. */
  private async oneByOne(group: Waiting[], error: unknown): Promise<void> {
    if (sqlState(error) === NO_PARTITION) {
      const times = new Map(group.map(({ row }) => [Math.floor(row.receivedAt / DAY), row.receivedAt]));
      for (const time of times.values()) await this.partitions.ensure(time).catch(() => undefined);
    }
    let last = error;
    for (const { row, resolve, reject } of group) {
      // Also when it went away in between: a time-out for each row would hold up the vendors for minutes.
      if (databaseIsAway(last)) {
        reject(last);
        continue;
      }
      try {
        resolve(!(await this.insert([row])).has(row.id));
      } catch (own) {
        last = own;
        reject(own);
      }
    }
  }

  /** Returns the ids of the rows that the ledger knew already. */
  private async insert(rows: InboxRow[]): Promise<Set<string>> {
    const column = <T>(oid: number, as: Encoder<T>, pick: (row: InboxRow) => T | null) =>
      binaryArray(oid, as, rows.map(pick));
    const values = [
      column(OID.uuid, asUuid, (row) => row.id),
      column(OID.timestamptz, asTimestamp, (row) => row.receivedAt),
      column(OID.text, asText, (row) => row.source),
      column(OID.text, asText, (row) => row.provider),
      column(OID.text, asText, (row) => row.deliveryId),
      column(OID.jsonb, asJsonb, (row) => row.refs),
      column(OID.uuid, asUuid, (row) => row.callbackJob),
      column(OID.text, asText, (row) => row.address),
      column(OID.jsonb, asJsonb, (row) => row.headers),
      column(OID.bytea, asBytes, (row) => row.body),
      column(OID.bytea, asBytes, (row) => row.bodySha),
      column(OID.text, asText, (row) => row.retryNumber),
      column(OID.text, asText, (row) => row.retryReason),
    ];
    const statement = this.database.isPooled ? { text: INSERT.text, values } : { ...INSERT, values };
    const known = await this.database.pool.query<{ id: string }>(statement);
    return new Set(known.rows.map((row) => row.id));
  }
}

function compare(a: InboxRow, b: InboxRow): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.deliveryId < b.deliveryId ? -1 : a.deliveryId > b.deliveryId ? 1 : 0;
}
