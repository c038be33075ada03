import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { PageQuery } from '../../kernel/http/pagination.js';
import { AudioRequest } from './audio-request.dto.js';
import { NO_FLAG } from './conversation-request.dto.js';
import { IsSpeakerLabel, IsSpeakerLabelUnless } from './voiceprint.rules.js';

const LABEL = {
  description: 'The person’s name: up to 100 characters, not beginning with SPEAKER_',
  example: 'Anna',
  maxLength: 100,
};

/** A print of one person’s voice. */
export class VoiceprintRequest extends AudioRequest {
  @ApiPropertyOptional({
    ...LABEL,
    description: `${LABEL.description}. The print is kept under it; needed unless library is false`,
  })
  @IsSpeakerLabelUnless(
    (other) => other('library') === false,
    'the person’s name, under which the print is kept; or say library: false',
  )
  label?: string;

  @ApiPropertyOptional({
    description: 'false: the print is not kept in the team’s library, only in the job’s result',
    default: true,
  })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  library?: boolean;
}

/** What can be changed of a print in the library. */
export class VoiceprintChange {
  @ApiProperty(LABEL)
  @IsSpeakerLabel()
  label: string;
}

export class VoiceprintsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only the prints of this person, by their exact name', example: 'Anna' })
  @IsOptional()
  @IsString()
  label?: string;
}
