import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { JobRequest } from '../../kernel/jobs/job-request.dto.js';
import { IsAudioAddress, IsFileInsteadOf } from './diarization.rules.js';

/** What every job says that has audio in it. An option that is left out, or null, is not sent: the vendor’s default counts. */
export class AudioRequest extends JobRequest {
  @ApiPropertyOptional({
    description:
      'The audio: a public http(s) address, or media://… as uploaded to the vendor; how large it may be stands above. Either this or `file`',
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
}
