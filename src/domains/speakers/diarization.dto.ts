import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsNotEmpty, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';
import { JobRequest } from '../../kernel/jobs/job-request.dto.js';
import {
  IsAudioAddress,
  IsFileInsteadOf,
  IsNoList,
  NeedsTranscription,
  NotAbove,
  NotBelow,
  TranscribesWith,
  WithinSpeakerBounds,
} from './diarization.rules.js';

const NO_FLAG = { message: 'must be true or false' };

export class TranscriptionConfig {
  @ApiPropertyOptional({
    description: 'parakeet-tdt-0.6b-v3 (the vendor’s default) or faster-whisper-large-v3-turbo; passed on as it is',
    example: 'faster-whisper-large-v3-turbo',
    maxLength: 100,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty({ message: 'must not be empty' })
  @MaxLength(100)
  model?: string;
}

/** Who speaks when in an audio file. An option that is left out, or null, is not sent: the vendor’s default counts. */
export class DiarizationRequest extends JobRequest {
  @ApiPropertyOptional({
    description:
      'The audio: a public http(s) address, or media://… as uploaded to the vendor; 1 GiB and 24 h at most. Either this or `file`',
    example: 'https://files.example.com/meeting.wav',
    maxLength: 2_048,
  })
  @IsAudioAddress('file')
  url?: string;

  @ApiPropertyOptional({
    description: 'The audio: the id of a file that was uploaded with `POST /v1/files`. Either this or `url`',
    format: 'uuid',
    example: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11',
  })
  @IsFileInsteadOf('url')
  file?: string;

  @ApiPropertyOptional({ description: 'Passed on as it is', example: 'precision-2', maxLength: 100 })
  @IsOptional()
  @IsString()
  @IsNotEmpty({ message: 'must not be empty' })
  @MaxLength(100)
  model?: string;

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

  @ApiPropertyOptional({ description: 'Also what was said, by word and by turn; not with community-1', default: false })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  @TranscribesWith('model')
  transcription?: boolean;

  @ApiPropertyOptional({ description: 'Only with transcription: true', type: TranscriptionConfig })
  @IsOptional()
  @IsNoList()
  @NeedsTranscription()
  @ValidateNested({ message: 'must be an object' })
  @Type(() => TranscriptionConfig)
  transcriptionConfig?: TranscriptionConfig;
}
