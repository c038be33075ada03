import { Injectable } from '@nestjs/common';
import { DAY, HOUR } from '../config/pace.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import type { Sweeper } from '../queue/sweep.js';

const DAYS_AHEAD = 7;
/** Taken while a day is made: whoever comes second waits for the first, or its notice would still find no partition. */
const MAKING = 0x51604a1c;
/** Just under a page, for servers built without lz4: rows of 2 KB stay out of TOAST. Per partition, not inherited. */
const TOAST_TARGET = 8_160;

/**
 * The days of the inbox. A day is made beside the table and then attached, which takes no lock that an insert waits for.
 * There is no default partition: it would have to be scanned by every attach.
 */
@Injectable()
export class Partitions implements Sweeper {
  readonly name = 'partitions';
  readonly every = HOUR;

  constructor(private readonly database: Database) {}

  sweep(): Promise<number> {
    return this.ensureAhead();
  }

  /** Yesterday (a clock may lag) to a week ahead. Returns how many were made. */
  async ensureAhead(now = Date.now()): Promise<number> {
    let made = 0;
    for (let day = -1; day <= DAYS_AHEAD; day++) if (await this.ensure(now + day * DAY)) made += 1;
    return made;
  }

  /** Makes the UTC day of that time; false when it was there. */
  async ensure(time: number): Promise<boolean> {
    const from = new Date(Math.floor(time / DAY) * DAY);
    const day = from.toISOString().slice(0, 10);
    const name = nameOf(time);
    if (await this.isThere(this.database, name)) return false;
    const to = new Date(from.getTime() + DAY).toISOString().slice(0, 10);
    return this.database.unitOfWork(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [MAKING]);
      if (await this.isThere(tx, name)) return false;
      await tx.execute(`create table if not exists ${name} (like deliveries including all)`);
      await tx.execute(`alter table ${name} set (toast_tuple_target = ${TOAST_TARGET})`);
      await tx.execute(
        `alter table deliveries attach partition ${name} for values from ('${day}T00:00:00Z') to ('${to}T00:00:00Z')`,
      );
      return true;
    });
  }

  /** Whether notices of that UTC day are still kept. */
  has(time: number): Promise<boolean> {
    return this.isThere(this.database, nameOf(time));
  }

  private async isThere(on: Pick<Transaction, 'query'>, name: string): Promise<boolean> {
    const [there] = await on.query(
      `select 1 from pg_inherits where inhparent = 'deliveries'::regclass and inhrelid = to_regclass($1)`,
      [name],
    );
    return there !== undefined;
  }
}

function nameOf(time: number): string {
  return `deliveries_${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`;
}
