import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, Min } from 'class-validator';
import { AudioRequest } from './audio-request.dto.js';
import { NotAbove, NotBelow, WithinSpeakerBounds } from './diarization.rules.js';

export const NO_FLAG = { message: 'must be true or false' };

/** What can be said wherever the vendor listens to several people. */
export class ConversationRequest extends AudioRequest {
  @ApiPropertyOptional({ description: 'How many speakers there are exactly', type: 'integer', minimum: 1, example: 2 })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @WithinSpeakerBounds()
  numSpeakers?: number;

  @ApiPropertyOptional({ description: 'Not above maxSpeakers', type: 'integer', minimum: 1, example: 2 })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @NotAbove('maxSpeakers')
  minSpeakers?: number;

  @ApiPropertyOptional({ description: 'Not below minSpeakers', type: 'integer', minimum: 1, example: 4 })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @NotBelow('minSpeakers')
  maxSpeakers?: number;

  @ApiPropertyOptional({ description: 'A confidence with every turn', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  turnLevelConfidence?: boolean;

  @ApiPropertyOptional({ description: 'Also turns that never overlap: exclusiveDiarization', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  exclusive?: boolean;

  @ApiPropertyOptional({ description: 'Confidence of 50 frames a second: a large result', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  confidence?: boolean;

  @ApiPropertyOptional({ description: 'Whether anybody speaks, frame by frame: a large result', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  speechProbability?: boolean;

  @ApiPropertyOptional({ description: 'Whether several speak at once, frame by frame: a large result', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  crosstalkProbability?: boolean;

  @ApiPropertyOptional({ description: 'Whether each one speaks, frame by frame: a large result', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  speakerProbability?: boolean;
}
