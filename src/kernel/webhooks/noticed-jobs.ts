import { Injectable } from '@nestjs/common';
import { MINUTE, Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import { checkQueue } from '../jobs/check.processor.js';
import { AppLogger } from '../observability/app-logger.js';
import { Doorbell } from '../queue/doorbell.js';
import { safeId } from './delivery-key.js';
import type { InboundSource, Notice } from './inbound-source.js';

/** Which jobs a notice is about. */
export type Match = { jobs: readonly string[] } | { mismatch: string };

const MAX_NUDGED = 10_000;

@Injectable()
export class NoticedJobs {
  private readonly nudged = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly pace: Pace,
    private readonly logger: AppLogger,
  ) {}

  /** By our own signature on the address and by the vendor's ids; if both are there they must agree. */
  async find(provider: string, callbackJob: string | null, refs: readonly string[]): Promise<Match> {
    const byRefs = await this.database.query<{ id: string }>(
      `select id from jobs where provider = $1 and external_id = any($2)
       union select job_id from job_refs where provider = $1 and ref = any($2)`,
      [provider, refs],
    );
    const named = byRefs.map((row) => row.id);
    if (callbackJob === null) return { jobs: named };
    if (named.includes(callbackJob)) return { jobs: [callbackJob] };
    if (named.length > 0)
      return { mismatch: `the address names job ${callbackJob}, the notice names job ${named.join(', ')}` };
    const [own] = await this.database.query<{ externalId: string | null }>(
      'select external_id as "externalId" from jobs where id = $1 and provider = $2',
      [callbackJob, provider],
    );
    if (!own) return { jobs: [] };
    if (own.externalId !== null && refs.length > 0) {
      return { mismatch: `the address names job ${callbackJob}, whose vendor id is another than the notice's` };
    }
    return { jobs: [callbackJob] };
  }

  /** Genuine but stale: the vendor is asked at once about the job it names, once a minute per job at most. */
  nudgeFor(source: InboundSource, notice: Notice): void {
    void this.nudge(source, notice).catch((error: unknown) => this.logger.warn('nudge failed', { error }));
  }

  private async nudge(source: InboundSource, notice: Notice): Promise<void> {
    const refs = (source.identify(notice.headers, notice.body)?.refs ?? []).map(safeId);
    const match = await this.find(source.provider, notice.callback?.jobId ?? null, refs);
    for (const jobId of 'jobs' in match ? match.jobs : []) {
      if (!this.mayNudge(jobId)) continue;
      const due = await this.database.execute(
        `update jobs set check_at = now(), version = version + 1 where id = $1 and status in ('running', 'unconfirmed') and check_at > now()`,
        [jobId],
      );
      if (due > 0) this.doorbell.ring(checkQueue(source.provider), jobId);
    }
  }

  private mayNudge(jobId: string): boolean {
    const now = performance.now();
    const last = this.nudged.get(jobId);
    if (last !== undefined && now - last < this.pace.ms(MINUTE)) return false;
    const [oldest] = this.nudged.keys();
    if (this.nudged.size >= MAX_NUDGED && oldest !== undefined) this.nudged.delete(oldest);
    this.nudged.delete(jobId);
    this.nudged.set(jobId, now);
    return true;
  }
}
