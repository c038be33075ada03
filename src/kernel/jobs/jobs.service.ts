import { Injectable } from '@nestjs/common';
import { MINUTE, Pace, SECOND } from '../config/pace.js';
import type { Transaction } from '../database/database.js';
import { TeamLimits } from '../teams/team-limits.js';
import type { Applied, KeptChange } from './change.js';
import type { Cause } from '../notifications/cause.js';
import { mergeChange } from './change-merge.js';
import { JobAnnouncements } from './job-announcements.js';
import { InboxPort } from './inbox-port.js';
import { Job } from './job.entity.js';
import { JobSecrets } from './job-secrets.js';
import { allowedFrom, isSettled } from './job-status.js';
import type { JobStatus } from './job-status.js';
import { ProviderRegistry } from './provider-registry.js';
import { KeptResults } from './results/kept-results.js';
import { RowUpdate } from './row-update.js';
import { setForTarget } from './target-columns.js';
import { Timeline } from './timeline.js';
import type { Entry } from './timeline.js';
import { VendorIds } from './vendor-ids.js';

/** A vendor that says "succeeded" without an output is asked again after this long before the result counts as lost. */
const GONE_AGAIN = 10 * MINUTE;

const NO_REASON = { code: 'vendor_failed', message: 'the vendor gave no reason' };
const UNASKED = { code: 'vendor_canceled', message: 'the vendor canceled the job, and nobody had asked for it' };

/** How a move is made beyond what its target always sets. */
export interface MoveOptions {
  /** The attempt that brings its result back; a stale one moves nothing. */
  attempt?: number;
  /** More columns to set in the same UPDATE. */
  also?: (update: RowUpdate) => void;
  /** For the timeline. */
  what?: Record<string, unknown>;
  /** Milliseconds until a job that goes back to `queued` is due. */
  dueIn?: number;
}

/** The one writer of jobs. */
@Injectable()
export class JobsService {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly timeline: Timeline,
    private readonly ids: VendorIds,
    private readonly announcements: JobAnnouncements,
    private readonly secrets: JobSecrets,
    private readonly inbox: InboxPort,
    private readonly kept: KeptResults,
    private readonly limits: TeamLimits,
    private readonly pace: Pace,
  ) {}

  /** The job's row, locked until the transaction ends. */
  async lock(tx: Transaction, jobId: string): Promise<Job> {
    return tx.manager.findOneOrFail(Job, { where: { id: jobId }, lock: { mode: 'pessimistic_write' } });
  }

  /** What a provider says happened. Everything that is true is kept, whatever becomes of the move. */
  async change(tx: Transaction, jobId: string, change: KeptChange, cause: Cause, attempt?: number): Promise<Applied> {
    const job = await this.lock(tx, jobId);
    const { spec } = this.registry.ofKind(job.kind);
    const entries: Entry[] = [];
    await this.ids.keep(tx, job, change, cause);
    const update = new RowUpdate();
    mergeChange(job, change, spec, update, entries);
    if (!update.isEmpty()) await update.run(tx, job.id);
    const last = change.note ? await this.timeline.lastNote(tx, job.id) : null;
    const fresh = entries.filter((entry) => entry.type !== 'job.note' || entry.what?.text !== last);
    await this.announcements.entries(tx, job, cause, fresh);
    const moved = await this.moveByChange(tx, job, change, cause, attempt);
    const status = moved ?? job.status;
    await this.askAfter(tx, job.id, status, change);
    return { status, moved: moved !== null, changed: moved !== null || !update.isEmpty() || fresh.length > 0 };
  }

  /** After the move, which has a rhythm of its own for the next check. */
  private async askAfter(tx: Transaction, jobId: string, status: JobStatus, { checkAfter }: KeptChange): Promise<void> {
    if (checkAfter === undefined || (status !== 'running' && status !== 'unconfirmed')) return;
    await new RowUpdate().at('check_at', this.pace.ms(checkAfter * SECOND)).run(tx, jobId);
  }

  /** One move as one UPDATE that names the states it accepts. True when it was made. */
  async move(tx: Transaction, job: Job, to: JobStatus, cause: Cause, options: MoveOptions = {}): Promise<boolean> {
    const { spec } = this.registry.ofKind(job.kind);
    const update = new RowUpdate().value('status', to);
    setForTarget(update, job, to, spec, { pace: this.pace, dueIn: options.dueIn ?? 0 });
    const isUnsent = job.status === 'queued' && isSettled(to) && job.price !== null;
    if (isUnsent) update.value('price', 0);
    options.also?.(update);
    const made = await update.run(tx, job.id, { from: allowedFrom(to), attempt: options.attempt });
    if (!made) return false;
    if (isUnsent) await this.limits.giveBack(tx, job);
    await this.announcements.moved(tx, job, to, cause, options.what ?? {});
    return true;
  }

  /** Returns the state moved to, or null. */
  private async moveByChange(
    tx: Transaction,
    job: Job,
    change: KeptChange,
    cause: Cause,
    attempt?: number,
  ): Promise<JobStatus | null> {
    if (!change.to) return null;
    const unasked = change.to === 'canceled' && !job.cancelRequestedAt;
    const to = unasked ? 'failed' : change.to;
    if (!allowedFrom(to).includes(job.status)) return null;
    if (to === 'running') return (await this.move(tx, job, to, cause, { attempt })) ? to : null;
    if (to === 'succeeded' && !change.result && !change.resultFile) return this.resultIsGone(tx, job, cause, attempt);
    const error = change.error ?? (unasked ? UNASKED : to === 'failed' ? NO_REASON : null);
    const kept = { ...change, result: change.result && this.secrets.seal(job, 'result', change.result) };
    // A vendor owes no notice of a cancel that we asked it for.
    const how = to === 'canceled' ? cause : await this.withRepair(tx, job, cause);
    const moved = await this.move(tx, job, to, how, {
      attempt,
      what: error ? { error } : {},
      also: (update) => {
        if (to === 'succeeded') putResult(update, kept).value('progress', 1).value('gone_since', null);
        else if (error) update.json('error', error);
      },
    });
    if (moved && change.resultFile) await this.kept.claim(tx, change.resultFile);
    return moved ? to : null;
  }

  /** Never an empty success: asked again 10 minutes later, and lost only when no notice is left that may carry it. */
  private async resultIsGone(tx: Transaction, job: Job, cause: Cause, attempt?: number): Promise<JobStatus | null> {
    const again = this.pace.ms(GONE_AGAIN);
    if (!job.goneSince) {
      await new RowUpdate().raw('gone_since = now()').at('check_at', again).run(tx, job.id);
      await this.timeline.append(tx, job, cause, [{ type: 'job.result_gone' }]);
      return null;
    }
    const waited = Date.now() - job.goneSince.getTime() >= again * 0.9;
    if (cause.by !== 'check' || !waited || (await this.inbox.inboxOf(tx, job)).open) return null;
    const error = { code: 'result_lost', message: 'the vendor says succeeded but has the output no more' };
    const moved = await this.move(tx, job, 'failed', await this.withRepair(tx, job, cause), {
      attempt,
      what: { error },
      also: (update) => void update.json('error', error),
    });
    return moved ? 'failed' : null;
  }

  private async withRepair(tx: Transaction, job: Job, cause: Cause): Promise<Cause> {
    if (cause.by !== 'check' || !job.webhook) return cause;
    return (await this.inbox.inboxOf(tx, job)).any ? cause : { ...cause, repair: true };
  }
}

function putResult(update: RowUpdate, { result, resultFile }: KeptChange): RowUpdate {
  if (!resultFile) return update.json('result', result);
  return update.value('result_file', resultFile.id).value('result_size', resultFile.size);
}
