import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AppLogger } from '../observability/app-logger.js';

/** Taken by whoever looks, so that several replicas may start at once. */
const ONE_AT_A_TIME = 0x51604a1c;

/**
 * A stored number that this server has not given out yet: the database came from another one. Everything that a statement
 * sees was finished before its snapshot's end, so no number of this server can pass for one.
 */
const OPEN = `
insert into event_epochs (epoch)
select now.epoch + 1 from (select max(epoch) as epoch from event_epochs) as now
where (select max(tx) from events where epoch = now.epoch) >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
returning epoch`;

/** Opens a new epoch where the transaction counter runs behind the events: after a restore elsewhere. */
@Injectable()
export class EventEpochs implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly logger: AppLogger,
  ) {}

  async onModuleInit(): Promise<void> {
    const opened = await this.database.unitOfWork(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [ONE_AT_A_TIME]);
      return tx.query<{ epoch: number }>(OPEN);
    });
    for (const { epoch } of opened)
      this.logger.warn('the stream begins a new epoch: the database is a copy', { epoch });
  }
}
