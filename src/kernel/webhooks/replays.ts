import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { conflict } from '../http/problem.js';
import { AuditLog, actorOf } from '../teams/audit-log.js';
import type { Caller } from '../teams/caller.js';
import { Archive } from './archive.js';
import type { DeliveryView } from './delivery.view.js';
import { ReplayRows } from './replay-rows.js';
import { SourceRegistry } from './source-registry.js';

/** One notice that is worked on again, by the processor that worked on it before. */
@Injectable()
export class Replays {
  constructor(
    private readonly archive: Archive,
    private readonly sources: SourceRegistry,
    private readonly rows: ReplayRows,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** @throws a 404, a 410 `delivery_gone`, or a 409 while it is open or nobody here could work on it */
  async replay(caller: Caller, id: string, reason?: string): Promise<DeliveryView> {
    const found = await this.archive.get(caller, id);
    if (!this.sources.named(found.source)) {
      throw conflict('source_not_registered', `this service has no source ${found.source} any more`);
    }
    await this.database.unitOfWork(async (tx) => {
      const wanted = { sql: 'd.id = $3 and d.received_at = $4', values: [id, new Date(found.receivedAt)] };
      const asker = { actor: actorOf(caller), reason };
      const [before] = await this.rows.reopen(tx, asker, wanted);
      if (!before) throw conflict('delivery_open', 'it is being worked on already; wait until it has an outcome');
      const { outcome, detail, jobId, number } = before;
      await this.audit.write(tx, {
        ...asker,
        teamId: await this.teamOf(tx, jobId),
        action: 'delivery.replay',
        subject: `delivery:${id}`,
        before: { outcome, detail, jobId },
        after: { replay: number },
      });
    }, 2);
    return this.archive.get(caller, id);
  }

  private async teamOf(tx: Transaction, jobId: string | null): Promise<string | null> {
    if (jobId === null) return null;
    const [job] = await tx.query<{ teamId: string }>('select team_id as "teamId" from jobs where id = $1', [jobId]);
    return job?.teamId ?? null;
  }
}
