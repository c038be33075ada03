import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { ConversationRequest, NO_FLAG } from './conversation-request.dto.js';
import { IsNoList, NeedsTranscription, TranscribesWith } from './diarization.rules.js';

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

/** Who speaks when in an audio file. */
export class DiarizationRequest extends ConversationRequest {
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
