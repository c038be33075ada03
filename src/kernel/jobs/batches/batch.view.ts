import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Batch } from './batch.entity.js';

/** A batch as its team sees it. */
export class BatchView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  id: string;

  @ApiProperty({ example: 'diarization' })
  kind: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels: Record<string, string>;

  @ApiProperty({ description: 'How many jobs it has', example: 1_000 })
  total: number;

  @ApiProperty({ description: 'How many of them are settled: succeeded, failed, canceled or expired', example: 998 })
  settled: number;

  @ApiPropertyOptional({
    description: 'How many jobs are in each state now; states that nobody is in are left out. Left out of lists',
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { running: 2, succeeded: 995, failed: 3 },
  })
  counts?: Record<string, number>;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When its last job was settled. A late word of the vendor may still turn an expired job into another',
  })
  finishedAt: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { self: '/v1/batches/019a…' } })
  links: Record<string, string>;
}

/** What came of a wish to cancel. */
export class BatchCancelView extends BatchView {
  @ApiProperty({ description: 'Jobs that this request ended' })
  canceled: number;

  @ApiProperty({ description: 'Jobs whose vendor is being asked to cancel; its word ends them' })
  asked: number;

  @ApiProperty({ description: 'Jobs that go on: their vendor has no way to cancel' })
  goOn: number;
}

/** The list's view: everything but the counts. */
export function batchListView(batch: Batch): BatchView {
  const self = `/v1/batches/${batch.id}`;
  return {
    id: batch.id,
    kind: batch.kind,
    labels: batch.labels,
    total: batch.total,
    settled: batch.total - batch.open,
    createdAt: batch.createdAt.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
    links: { self, jobs: `/v1/jobs?batch=${batch.id}`, results: `${self}/results` },
  };
}

export function batchView(batch: Batch, counts: Record<string, number>): BatchView {
  return { ...batchListView(batch), counts };
}
