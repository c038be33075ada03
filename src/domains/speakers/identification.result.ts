import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { DiarizationResult } from './diarization.result.js';

const MATCH = {
  type: String,
  nullable: true,
  description: 'The label of the print that this voice matches; null for a voice that matches none',
  example: 'Anna',
};

export class IdentifiedTurn {
  @ApiPropertyOptional({
    description: 'The match, where there is one; else not documented: read `match` and `diarizationSpeaker` instead',
    example: 'Anna',
  })
  speaker?: string;

  @ApiPropertyOptional({ description: 'Seconds', example: 1.2 })
  start?: number;

  @ApiPropertyOptional({ description: 'Seconds', example: 3.4 })
  end?: number;

  @ApiProperty({ description: 'The voice, as in `diarization`', example: 'SPEAKER_00' })
  diarizationSpeaker: string;

  @ApiProperty(MATCH)
  match: string | null;

  @ApiPropertyOptional({
    description: 'Voice (not label) to 0–100, with turnLevelConfidence',
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { SPEAKER_00: 97, SPEAKER_01: 3 },
  })
  confidence?: Record<string, number>;
}

export class MatchedVoice {
  @ApiPropertyOptional({ description: 'The voice, as in `diarization`', example: 'SPEAKER_00' })
  speaker?: string;

  @ApiProperty(MATCH)
  match: string | null;

  @ApiPropertyOptional({
    description: 'Label to 0–100',
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { Anna: 91, Ben: 12 },
  })
  confidence?: Record<string, number>;
}

/** The result of an identification: the vendor’s output. It promises none of these fields; fields new to us are kept. */
export class IdentificationResult extends PartialType(DiarizationResult) {
  @ApiPropertyOptional({ type: [IdentifiedTurn], description: 'Who speaks when, by name' })
  identification?: IdentifiedTurn[];

  @ApiPropertyOptional({ type: [MatchedVoice], description: 'Each voice, and whose it is' })
  voiceprints?: MatchedVoice[];
}
