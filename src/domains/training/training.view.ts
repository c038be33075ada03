import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import { JobView } from '../../kernel/jobs/job.view.js';

export class TrainingQuery {
  @ApiPropertyOptional({
    description: 'true: everything is checked and priced, nothing is made or sent',
    default: false,
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'must be true or false' })
  dryRun?: boolean;
}

const WARNINGS: ApiPropertyOptions = {
  type: [String],
  description: 'What may have been meant otherwise; it was taken all the same',
};

/** The job, and what may be wrong with it. */
export class TrainingView extends JobView {
  @ApiProperty(WARNINGS)
  warnings: string[];
}

/** What a request would do. */
export class DryRunView {
  @ApiProperty({ enum: [true] })
  dryRun: true;

  @ApiProperty({ example: 'fal-ai/flux-lora-portrait-trainer' })
  trainer: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What the vendor would be told, under its own names, beside the address of the images',
    example: { trigger_phrase: 'annaphoto', steps: 2_000 },
  })
  inputs: Record<string, unknown>;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'US dollars, estimated; null where it is not known',
    example: 4.8,
  })
  price: number | null;

  @ApiProperty(WARNINGS)
  warnings: string[];
}
