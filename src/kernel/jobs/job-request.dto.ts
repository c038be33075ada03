import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsLabels } from '../http/labels.js';

/** What every request for a job may say, whatever its kind. */
export class JobRequest {
  @ApiPropertyOptional({
    description: 'Your own names for this job: up to 20 texts of up to 255 characters; the job list filters by them',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { meeting: 'weekly-2026-47' },
  })
  @IsLabels()
  labels?: Record<string, string>;

  @ApiPropertyOptional({
    description: 'false: the vendor is given no address to call, the job is settled by asking',
    default: true,
  })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  webhook?: boolean;

  @ApiPropertyOptional({
    description:
      'Told of this job beside the team’s endpoints: a signed webhook, by the team’s default secret (POST /v1/endpoints/default-secret)',
    example: 'https://app.example.com/hooks/signalbox',
  })
  @IsOptional()
  @IsString({ message: 'must be an absolute https address' })
  @MaxLength(2_048)
  notifyUrl?: string;
}
