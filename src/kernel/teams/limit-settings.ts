import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { AuditLog } from './audit-log.js';
import { LIMIT_COLUMNS, LIMIT_NAMES, NO_LIMITS } from './limits.js';
import type { Limits } from './limits.js';
import { TeamQueries } from './team-queries.js';
import type { TeamDetailView } from './team.view.js';
import { catchUp } from './usage.js';

/** Sets the limits of teams. They hold for what is submitted from then on. */
@Injectable()
export class LimitSettings {
  constructor(
    private readonly database: Database,
    private readonly queries: TeamQueries,
    private readonly audit: AuditLog,
  ) {}

  /** What is not named stays. A wish that changes nothing is no act. @throws a 404 */
  async change(teamId: string, wish: Partial<Limits>, actor: string): Promise<TeamDetailView> {
    const { id } = await this.queries.get(teamId);
    await this.database.unitOfWork(async (tx) => {
      const before = await this.lock(tx, id);
      const after = merged(before, wish);
      const changed = LIMIT_NAMES.filter((name) => after[name] !== before[name]);
      if (changed.length > 0) {
        await tx.execute(
          `update team_limits set max_open_jobs = $2, max_jobs_per_day = $3, max_upload_bytes = $4, monthly_budget = $5
           where team_id = $1`,
          [id, after.openJobs, after.jobsPerDay, after.uploadBytes, after.monthlyBudget],
        );
        if (after.jobsPerDay !== null || after.monthlyBudget !== null) await catchUp(tx, id);
        const [was, is] = [before, after].map((limits) =>
          Object.fromEntries(changed.map((name) => [name, limits[name]])),
        );
        await this.audit.write(tx, {
          actor,
          action: 'team.limits',
          subject: `team:${id}`,
          teamId: id,
          before: was,
          after: is,
        });
      }
      // Without any limit left there is no row to be locked either.
      if (LIMIT_NAMES.every((name) => after[name] === null)) {
        await tx.execute('delete from team_limits where team_id = $1', [id]);
      }
    }, 2);
    return this.queries.get(id);
  }

  /** The team's row, made where there is none. */
  private async lock(tx: Transaction, teamId: string): Promise<Limits> {
    await tx.execute('insert into team_limits (team_id) values ($1) on conflict do nothing', [teamId]);
    const sql = `select ${LIMIT_COLUMNS} from team_limits l where team_id = $1 for update`;
    const [row] = await tx.query<Limits>(sql, [teamId]);
    // Taken away by another change a moment ago: as good as having none, and the next try has its own.
    if (!row) throw Object.assign(new Error('the limits vanished while they were changed'), { code: '40001' });
    return row;
  }
}

/** Null takes a limit away; undefined leaves it as it is. */
export function merged(before: Limits, wish: Partial<Limits>): Limits {
  const after = { ...NO_LIMITS, ...before };
  for (const name of LIMIT_NAMES) {
    const wanted = wish[name];
    if (wanted !== undefined) after[name] = wanted;
  }
  return after;
}
