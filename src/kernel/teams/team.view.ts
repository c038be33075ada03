import { ApiProperty } from '@nestjs/swagger';
import type { Limits, Used } from './limits.js';

const nullableInteger = { type: 'integer', nullable: true, minimum: 0 } as const;

/** What a team may have and spend. Null: no limit. */
export class LimitsView implements Limits {
  @ApiProperty({ ...nullableInteger, description: 'Jobs that are not settled, at one time', example: 500 })
  openJobs: number | null;

  @ApiProperty({ ...nullableInteger, description: 'Jobs submitted on a UTC day', example: 10_000 })
  jobsPerDay: number | null;

  @ApiProperty({ ...nullableInteger, description: 'Bytes of all uploads kept at one time', example: 10_737_418_240 })
  uploadBytes: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    description: 'US dollars in a UTC calendar month, by estimate, for kinds that have a price',
    example: 250,
  })
  monthlyBudget: number | null;
}

/** What is used of each limit now, whether the team has it or not. */
export class UsedView implements Used {
  @ApiProperty({ type: 'integer', description: 'Jobs that are not settled', example: 12 })
  openJobs: number;

  @ApiProperty({ type: 'integer', description: 'Jobs submitted since midnight UTC', example: 340 })
  jobsPerDay: number;

  @ApiProperty({ type: 'integer', description: 'Bytes of uploads that are kept', example: 1_234_567 })
  uploadBytes: number;

  @ApiProperty({ description: 'US dollars of this UTC month, by estimate', example: 17.25 })
  monthlyBudget: number;
}

export class TeamView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  id: string;

  @ApiProperty({ example: 'radio' })
  name: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: Date;

  @ApiProperty({ type: 'integer', description: 'Keys that are neither revoked nor expired', example: 2 })
  keys: number;

  @ApiProperty({ type: LimitsView })
  limits: LimitsView;
}

export class TeamDetailView extends TeamView {
  @ApiProperty({ type: UsedView })
  used: UsedView;
}
