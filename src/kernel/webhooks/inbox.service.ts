import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { crashPoint } from '../config/crash-point.js';
import type { Transaction } from '../database/database.js';
import { databaseIsAway } from '../http/problem.filter.js';
import { unavailable } from '../http/problem.js';
import { InboxPort } from '../jobs/inbox-port.js';
import type { JobInbox, JobNotices, NoticedJob } from '../jobs/inbox-port.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import { bodySha, safeId, timeOfId } from './delivery-key.js';
import type { Identity, InboundSource, Notice } from './inbound-source.js';
import { headersToKeep } from './inbox-headers.js';
import { InboxRepeats } from './inbox-repeats.js';
import { InboxWriter } from './inbox-writer.js';
import type { InboxRow } from './inbox-writer.js';

export const processQueue = (provider: string): string => `process:${provider}`;

/** What a vendor is told about a notice that is kept. */
export interface Receipt {
  deliveryId: string;
  duplicate: boolean;
}

/** Keeps verified notices: acked means committed. */
@Injectable()
export class InboxService implements JobInbox, OnModuleInit {
  constructor(
    private readonly writer: InboxWriter,
    private readonly repeats: InboxRepeats,
    private readonly doorbell: Doorbell,
    private readonly port: InboxPort,
    private readonly metrics: KernelMetrics,
    private readonly logger: AppLogger,
  ) {}

  onModuleInit(): void {
    this.port.fill(this);
  }

  /** @throws a 503 when the bytes could not be kept; the vendor tries again */
  async accept(source: InboundSource, notice: Notice): Promise<Receipt> {
    const row = this.rowOf(source, notice);
    crashPoint('notice.verified');
    try {
      const isNew = await this.writer.add(row);
      crashPoint('notice.stored');
      this.metrics.deliveriesReceived.inc({ source: source.name, novelty: isNew ? 'new' : 'repeat' });
      if (isNew) {
        this.measureDelay(source, notice);
        this.doorbell.ring(processQueue(source.provider), row.id);
        return { deliveryId: row.id, duplicate: false };
      }
      return await this.acceptRepeat(source, row);
    } catch (error) {
      if (!databaseIsAway(error)) {
        const { requestId } = notice;
        this.logger.error('a notice could not be kept', { source: source.name, requestId, error });
      }
      throw unavailable('the notice could not be kept; send it again');
    }
  }

  /** Two clocks: one that is ahead of ours is no delay. */
  private measureDelay(source: InboundSource, notice: Notice): void {
    const seconds = (Date.now() - (source.sentAt?.(notice.headers, notice.body)?.getTime() ?? NaN)) / 1_000;
    if (Number.isFinite(seconds)) this.metrics.noticeDelay.observe({ source: source.name }, Math.max(0, seconds));
  }

  async inboxOf(tx: Transaction, job: NoticedJob): Promise<JobNotices> {
    const [seen] = await tx.query<JobNotices>(
      `select exists (select 1 from deliveries where job_id = $1)
           or exists (select 1 from deliveries where ${WAITS_FOR_JOB}) as any,
              exists (select 1 from deliveries where ${WAITS_FOR_JOB}) as open`,
      [job.id, job.provider, job.externalId],
    );
    return seen ?? { any: false, open: false };
  }

  private async acceptRepeat(source: InboundSource, row: InboxRow): Promise<Receipt> {
    const repeat = await this.repeats.count(row);
    if (repeat.ring) this.doorbell.ring(processQueue(source.provider), repeat.deliveryId);
    if (repeat.conflicting) this.metrics.deliveriesProcessed.inc({ source: source.name, outcome: 'conflicting' });
    return { deliveryId: repeat.deliveryId, duplicate: true };
  }

  private rowOf(source: InboundSource, notice: Notice): InboxRow {
    const sha = bodySha(notice.body);
    const identity = this.identify(source, notice);
    const { retry } = identity ?? {};
    if (retry) this.metrics.vendorRetries.inc({ source: source.name, reason: retry.reason });
    const id = uuidv7();
    return {
      id,
      receivedAt: timeOfId(id),
      source: source.name,
      provider: source.provider,
      deliveryId: safeId(identity?.deliveryId ?? sha.toString('hex')),
      refs: JSON.stringify((identity?.refs ?? []).map(safeId)),
      callbackJob: notice.callback?.jobId ?? null,
      address: notice.address,
      headers: headersToKeep(notice.headers, source.secretHeaders),
      body: notice.body,
      bodySha: sha,
      retryNumber: retry?.number ?? null,
      retryReason: retry?.reason ?? null,
    };
  }

  /** `identify` promises to be total; if it is not, the notice is kept all the same. */
  private identify(source: InboundSource, notice: Notice): Identity | null {
    try {
      return source.identify(notice.headers, notice.body);
    } catch (error) {
      const { requestId } = notice;
      this.logger.error('identify failed on a verified notice', { source: source.name, requestId, error });
      return null;
    }
  }
}

const WAITS_FOR_JOB = `due_at is not null and provider = $2 and (callback_job = $1 or ($3::text is not null and refs ? $3::text))`;
