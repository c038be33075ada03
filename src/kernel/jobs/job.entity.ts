import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { StoredFile } from '../files/stored-file.entity.js';
import { Endpoint } from '../notifications/endpoints/endpoint.entity.js';
import { OPEN_STATUSES } from '../teams/limits.js';
import { Team } from '../teams/team.entity.js';
import { Batch } from './batches/batch.entity.js';
import { JOB_STATUSES } from './job-status.js';
import type { JobStatus } from './job-status.js';

export interface JobError {
  code: string;
  message: string;
}

const numberOrNull = (value: string | null) => (value === null ? null : Number(value));

/** One piece of asynchronous work. The primary key is a uuid v7, so ids sort by time. */
@Entity('jobs')
@Unique('uq_jobs_external_id', ['provider', 'externalId'])
@Index('ix_jobs_team', ['teamId', 'id'])
@Index('ix_jobs_submit_due', ['provider', 'teamId', 'submitAt', 'id'], { where: `status = 'queued'` })
@Index('ix_jobs_submitting', ['submitAt'], { where: `status = 'submitting'` })
@Index('ix_jobs_open', ['teamId'], { where: `status IN (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})` })
@Index('ix_jobs_check_due', ['checkAt'], { where: 'check_at IS NOT NULL' })
@Index('ix_jobs_batch', ['batchId', 'id', 'status'], { where: 'batch_id IS NOT NULL' })
@Index('ix_jobs_notify_open', ['notifyEndpoint'], { where: 'notify_endpoint IS NOT NULL AND settled_at IS NULL' })
@Check('ck_jobs_status', `status IN (${JOB_STATUSES.map((status) => `'${status}'`).join(', ')})`)
@Check('ck_jobs_progress', 'progress >= 0 AND progress <= 1')
@Check('ck_jobs_price', 'price >= 0')
export class Job {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_jobs' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_jobs_team' })
  teamId: string;

  @Column('text')
  provider: string;

  @Column('text')
  kind: string;

  @Column('text', { default: 'queued' })
  status: JobStatus;

  /** The vendor's finer word, by rank never going back. */
  @Column('text', { nullable: true })
  phase: string | null;

  @Column('double precision', { nullable: true })
  progress: number | null;

  /** Counts every step that took the job in hand; a step brings its own back, so that a stale one moves nothing. */
  @Column('integer', { default: 0 })
  attempt: number;

  /** Counts changes of the row: the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  /** The vendor's id, written once. */
  @Column('text', { nullable: true })
  externalId: string | null;

  @Column('jsonb')
  input: Record<string, unknown>;

  @Column('jsonb', { nullable: true })
  result: Record<string, unknown> | null;

  /** In place of `result`: the file in which a large one lies. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => StoredFile, { name: 'fk_jobs_result_file' })
  resultFile: string | null;

  /** Bytes of the JSON text in that file. */
  @Column('bigint', { nullable: true, transformer: { from: numberOrNull, to: (value: number | null) => value } })
  resultSize: number | null;

  @Column('jsonb', { nullable: true })
  error: JobError | null;

  @Column('jsonb', { default: {} })
  facts: Record<string, unknown>;

  @Column('jsonb', { default: {} })
  labels: Record<string, string>;

  /** Whether the vendor was given an address to call, so that a notice is expected. */
  @Column('boolean')
  webhook: boolean;

  /** When it is due to be submitted; while it is `submitting`, when the lease runs out. */
  @Column('timestamptz', { nullable: true })
  submitAt: Date | null;

  /** How often it was sent off again after a lease that ran out before the vendor heard anything. */
  @Column('integer', { default: 0 })
  resubmits: number;

  /** Committed right before the one request that costs. */
  @Column('timestamptz', { nullable: true })
  askedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  checkAt: Date | null;

  /** Checks since the job began to run: the exponent of the back-off. */
  @Column('integer', { default: 0 })
  checks: number;

  /** When the vendor first said "succeeded" without having the output any more. */
  @Column('timestamptz', { nullable: true })
  goneSince: Date | null;

  @Column('timestamptz', { nullable: true })
  deadlineAt: Date | null;

  @Column('timestamptz', { nullable: true })
  cancelRequestedAt: Date | null;

  /** The batch that it came with. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Batch, { name: 'fk_jobs_batch' })
  batchId: string | null;

  /** US dollars, estimated; null where its kind has no price. 0 again when it ended before it was sent. */
  @Column('numeric', { nullable: true, transformer: { from: numberOrNull, to: (value: number | null) => value } })
  price: number | null;

  /** The endpoint that it named itself, by `notifyUrl`. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Endpoint, { name: 'fk_jobs_notify_endpoint' })
  notifyEndpoint: string | null;

  /** W3C trace context of the request that made the job. */
  @Column('text', { nullable: true })
  traceparent: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  settledAt: Date | null;
}
