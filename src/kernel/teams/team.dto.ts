import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsInt, IsNumber, IsObject, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';

const MOST_JOBS = 2_147_483_647;
const MOST_BYTES = Number.MAX_SAFE_INTEGER;
const MOST_DOLLARS = 1_000_000_000;

const count = { type: 'integer', nullable: true, minimum: 0 } as const;
const whole = (most: number) => ({ message: `must be a whole number from 0 to ${most}, or null for no limit` });
const money = { message: `must be US dollars from 0 to ${MOST_DOLLARS}, to the cent, or null for no limit` };

export class TeamRequest {
  @ApiProperty({ description: 'Lower-case letters, digits and hyphens, 40 at most', example: 'radio' })
  @IsString()
  name: string;
}

/** What is left out stays as it is; null takes a limit away. */
export class LimitsRequest {
  @ApiPropertyOptional({ ...count, maximum: MOST_JOBS, description: 'Jobs that are not settled, at one time' })
  @IsOptional()
  @IsInt(whole(MOST_JOBS))
  @Min(0, whole(MOST_JOBS))
  @Max(MOST_JOBS, whole(MOST_JOBS))
  openJobs?: number | null;

  @ApiPropertyOptional({ ...count, maximum: MOST_JOBS, description: 'Jobs submitted on a UTC day' })
  @IsOptional()
  @IsInt(whole(MOST_JOBS))
  @Min(0, whole(MOST_JOBS))
  @Max(MOST_JOBS, whole(MOST_JOBS))
  jobsPerDay?: number | null;

  @ApiPropertyOptional({ ...count, maximum: MOST_BYTES, description: 'Bytes of all uploads kept at one time' })
  @IsOptional()
  @IsInt(whole(MOST_BYTES))
  @Min(0, whole(MOST_BYTES))
  @Max(MOST_BYTES, whole(MOST_BYTES))
  uploadBytes?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: MOST_DOLLARS,
    description: 'US dollars in a UTC calendar month, for kinds that have a price',
  })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 }, money)
  @Min(0, money)
  @Max(MOST_DOLLARS, money)
  monthlyBudget?: number | null;
}

export class TeamChange {
  @ApiProperty({ type: LimitsRequest })
  @IsDefined({ message: 'is what can be changed, and is missing' })
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => LimitsRequest)
  limits: LimitsRequest;
}
