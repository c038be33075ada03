import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { JOB_STATUSES } from '../../kernel/jobs/job-status.js';
import type { JobStatus } from '../../kernel/jobs/job-status.js';
import type { Job } from '../../kernel/jobs/job.entity.js';
import type { PhotoEntry } from './photo-entry.js';

export class PhotoErrorView {
  @ApiProperty({ description: 'Stable, for programs', example: 'photo_type_unsupported' })
  code: string;

  @ApiProperty({ description: 'For people', example: 'By its content this file is an HTML page. Send JPEG, PNG, …' })
  detail: string;
}

/** One photo of a request. With `error` and no `id` it was not taken; with both, its job failed. */
export class ReceiptEntryView {
  @ApiProperty({ description: 'Place in the request, from 0', example: 0 })
  photo: number;

  @ApiPropertyOptional({ description: 'Page of a PDF, from 1' })
  page?: number;

  @ApiPropertyOptional({ example: 'lunch.jpg' })
  name?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The job that reads it' })
  id?: string;

  @ApiPropertyOptional({ enum: JOB_STATUSES, enumName: 'JobStatus' })
  status?: JobStatus;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'A `ReceiptResult` once it is succeeded',
  })
  result?: Record<string, unknown> | null;

  @ApiPropertyOptional({ type: PhotoErrorView })
  error?: PhotoErrorView;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  links?: Record<string, string>;
}

/** What became of a request with photos. */
export class ReceiptsView {
  @ApiProperty({ format: 'uuid', description: 'All of them together: `GET /v1/batches/{id}`' })
  batch: string;

  @ApiProperty({ type: [ReceiptEntryView], description: 'In the order of the request' })
  photos: ReceiptEntryView[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { batch: '/v1/batches/019a…' } })
  links: Record<string, string>;
}

export function receiptLinks(id: string): Record<string, string> {
  const self = `/v1/receipts/${id}`;
  return { self, job: `/v1/jobs/${id}`, overlay: `${self}/overlay.svg`, image: `${self}/image` };
}

/** Of each photo what became of it: the jobs stand in the order of the photos that were taken. */
export function receiptsView(batch: string, entries: readonly PhotoEntry[], jobs: readonly Job[]): ReceiptsView {
  const left = [...jobs];
  const photos = entries.map(({ photo, page, name, fault }): ReceiptEntryView => {
    const about = { photo, ...(page === undefined ? {} : { page }), ...(name === undefined ? {} : { name }) };
    if (fault) return { ...about, error: { code: fault.code, detail: fault.detail } };
    const job = left.shift();
    return job ? { ...about, ...jobOf(job) } : about;
  });
  return { batch, photos, links: { batch: `/v1/batches/${batch}`, jobs: `/v1/jobs?batch=${batch}` } };
}

function jobOf({ id, status, result, error }: Job): Partial<ReceiptEntryView> {
  return {
    id,
    status,
    ...(status === 'succeeded' ? { result } : {}),
    ...(error ? { error: { code: error.code, detail: error.message } } : {}),
    links: receiptLinks(id),
  };
}
