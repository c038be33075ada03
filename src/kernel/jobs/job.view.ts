import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FollowUpState } from './follow-ups.js';
import { JOB_STATUSES } from './job-status.js';
import type { JobStatus } from './job-status.js';
import type { Job } from './job.entity.js';

export class JobErrorView {
  @ApiProperty({ description: 'Stable, for programs', example: 'result_lost' })
  code: string;

  @ApiProperty({ description: 'For people', example: 'the vendor says succeeded but has the output no more' })
  message: string;
}

/** What has to follow an event of the job: a file to keep, somebody to tell, a vendor to ask to cancel. */
export class FollowUpView {
  @ApiProperty({ example: 'training.succeeded' })
  event: string;

  @ApiProperty({ type: String, nullable: true, description: 'The handler in code; null for the provider’s own part' })
  handler: string | null;

  @ApiProperty({ enum: ['waiting', 'done', 'gave_up'] })
  state: 'waiting' | 'done' | 'gave_up';

  @ApiProperty({ description: 'How often it was tried' })
  attempts: number;

  @ApiProperty({ type: String, nullable: true })
  lastError: string | null;
}

/** A job as its team sees it. */
export class JobView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  id: string;

  @ApiProperty({ example: 'diarization' })
  kind: string;

  @ApiProperty({ enum: JOB_STATUSES, enumName: 'JobStatus' })
  status: JobStatus;

  @ApiProperty({ type: String, nullable: true, description: 'The vendor’s finer word' })
  phase: string | null;

  @ApiProperty({ type: Number, nullable: true, description: '0 to 1, or null when the vendor does not say' })
  progress: number | null;

  @ApiProperty({ example: 'pyannote' })
  provider: string;

  @ApiProperty({ type: String, nullable: true, description: 'The vendor’s own id' })
  externalId: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What was asked for; secrets of it for the job’s own team only, and not in lists',
  })
  input: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Left out of lists; null where it is too large, see `resultSize`',
  })
  result?: Record<string, unknown> | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Bytes of a result that is too large to be shown here; it is at `links.result`',
  })
  resultSize: number | null;

  @ApiPropertyOptional({ type: [FollowUpView], description: 'Left out of lists' })
  followUps?: FollowUpView[];

  @ApiProperty({ type: JobErrorView, nullable: true })
  error: JobErrorView | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What became known on the way' })
  facts: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels: Record<string, string>;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The batch that it came with' })
  batch: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'US dollars, estimated; null where its kind has no price, 0 when it ended before it was sent',
  })
  price: number | null;

  @ApiProperty({ description: 'Whether a notice of the vendor is expected' })
  webhook: boolean;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  deadlineAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the vendor is asked next' })
  nextCheckAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  cancelRequestedAt: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { self: '/v1/jobs/019a…' } })
  links: Record<string, string>;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The list's view: everything but the result. */
export function jobListView(job: Job): JobView {
  const self = `/v1/jobs/${job.id}`;
  return {
    id: job.id,
    kind: job.kind,
    status: job.status,
    phase: job.phase,
    progress: job.progress,
    provider: job.provider,
    externalId: job.externalId,
    input: job.input,
    resultSize: job.resultSize,
    error: job.error,
    facts: job.facts,
    labels: job.labels,
    batch: job.batchId,
    price: job.price,
    webhook: job.webhook,
    createdAt: job.createdAt.toISOString(),
    startedAt: iso(job.startedAt),
    settledAt: iso(job.settledAt),
    deadlineAt: iso(job.deadlineAt),
    nextCheckAt: iso(job.checkAt),
    cancelRequestedAt: iso(job.cancelRequestedAt),
    links: {
      self,
      events: `${self}/events`,
      ...(job.status === 'succeeded' ? { result: `${self}/result` } : {}),
    },
  };
}

export function jobView(job: Job, followUps: readonly FollowUpState[]): JobView {
  return { ...jobListView(job), result: job.result, followUps: [...followUps] };
}

/** Changes with every change of the row, and with nothing else. */
export function etagOf(job: Pick<Job, 'version'>): string {
  return `"v${job.version}"`;
}
