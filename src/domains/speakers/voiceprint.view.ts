import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** A print as it is stored. */
export interface SealedPrint {
  id: string;
  print: string;
}

/** What the library reads of an entry. */
export interface LibraryRow extends SealedPrint {
  label: string;
  jobId: string;
  createdAt: Date;
}

/** A print in the team’s library. */
export class VoiceprintView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33' })
  id: string;

  @ApiProperty({ description: 'Whose voice it is', example: 'Anna' })
  label: string;

  @ApiProperty({ format: 'uuid', description: 'The job that made it' })
  jobId: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiPropertyOptional({ description: 'The print itself; only where one entry is asked for', example: 'U0JWMQ…' })
  voiceprint?: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { self: '/v1/voiceprints/019a…' } })
  links: Record<string, string>;
}

/** Without the print. */
export function voiceprintListView({ id, label, jobId, createdAt }: LibraryRow): VoiceprintView {
  const links = { self: `/v1/voiceprints/${id}`, job: `/v1/jobs/${jobId}` };
  return { id, label, jobId, createdAt: createdAt.toISOString(), links };
}

export function voiceprintView(row: LibraryRow, voiceprint: string): VoiceprintView {
  return { ...voiceprintListView(row), voiceprint };
}
