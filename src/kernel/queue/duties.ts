import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Work that one process does for all: leased by a row, safe when run twice, in need of no session. */
@Injectable()
export class Duties {
  /** This process, among all that may do the duty. */
  private readonly holder = randomUUID();

  constructor(private readonly database: Database) {}

  /** True when the duty is ours for the next `leaseMs`. */
  async take(name: string, leaseMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `insert into duties (name, holder, until) values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       on conflict (name) do update set holder = excluded.holder, until = excluded.until
       where duties.holder = excluded.holder or duties.until < clock_timestamp()
       returning name`,
      [name, this.holder, leaseMs],
    );
    return rows.length > 0;
  }

  /** Hands all of ours back, so that the next holder need not wait for the lease. */
  async handBack(): Promise<void> {
    await this.database.execute('delete from duties where holder = $1', [this.holder]);
  }
}
