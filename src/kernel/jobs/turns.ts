import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import type { Job } from './job.entity.js';
import { JobsService } from './jobs.service.js';

/** Time-out of a vendor's answer (30 s) and 30 s more. */
export const SUBMIT_LEASE = 60 * SECOND;

// By the clock of the statement: a pick that waited for its turn must see what became due meanwhile, since another pick may
// have taken the job that its own bell was rung for.
const DUE = `exists (select 1 from jobs j where j.provider = t.provider and j.team_id = t.team_id
                     and j.status = 'queued' and j.submit_at <= statement_timestamp())`;

/** Fair turns: the team that waits longest is next, so that one team's 10,000 jobs never hold up another's one. */
@Injectable()
export class Turns {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
    private readonly pace: Pace,
  ) {}

  /** Takes the next job of the provider in hand, leased and committed as `submitting`; null when none is due. */
  async pick(provider: string): Promise<Job | null> {
    return this.database.unitOfWork(async (tx) => {
      const teamId = await this.nextTeam(tx, provider);
      if (!teamId) return null;
      const [due] = await tx.query<{ id: string }>(
        `select id from jobs where provider = $1 and team_id = $2 and status = 'queued'
           and submit_at <= statement_timestamp()
         order by submit_at, id limit 1 for update skip locked`,
        [provider, teamId],
      );
      if (!due) return null;
      const job = await this.jobs.lock(tx, due.id);
      const moved = await this.jobs.move(
        tx,
        job,
        'submitting',
        { by: 'submit', attempt: job.attempt + 1 },
        {
          also: (update) => void update.raw('attempt = attempt + 1').at('submit_at', this.pace.patience(SUBMIT_LEASE)),
        },
      );
      await tx.execute('update turns set served_at = clock_timestamp() where provider = $1 and team_id = $2', [
        provider,
        teamId,
      ]);
      return moved ? { ...job, status: 'submitting', attempt: job.attempt + 1 } : null;
    });
  }

  /**
   * Locks one team's turn until the pick ends: of those that nobody else is picking from, the one that waits longest. When
   * all are being picked from, it waits for one and chooses anew: the turns have changed meanwhile.
   */
  private async nextTeam(tx: Transaction, provider: string): Promise<string | null> {
    const free = () => this.lockTurn(tx, provider, 'for update of t skip locked');
    return (await free()) ?? ((await this.lockTurn(tx, provider, 'for update of t')) && free());
  }

  private async lockTurn(tx: Transaction, provider: string, lock: string): Promise<string | null> {
    const held = `select 1 from provider_states where provider = $1 and (paused or held_until > now())`;
    const [row] = await tx.query<{ teamId: string }>(
      `select t.team_id as "teamId" from turns t
       where t.provider = $1 and ${DUE} and not exists (${held}) order by t.served_at limit 1 ${lock}`,
      [provider],
    );
    return row?.teamId ?? null;
  }
}
