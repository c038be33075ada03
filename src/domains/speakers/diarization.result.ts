import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class SpeakerTurn {
  @ApiProperty({ example: 'SPEAKER_00' })
  speaker: string;

  @ApiProperty({ description: 'Seconds', example: 1.2 })
  start: number;

  @ApiProperty({ description: 'Seconds', example: 3.4 })
  end: number;

  @ApiPropertyOptional({
    description: 'Speaker to 0–100, with turnLevelConfidence',
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { SPEAKER_00: 97, SPEAKER_01: 3 },
  })
  confidence?: Record<string, number>;
}

export class SpokenText {
  @ApiProperty({ example: 'SPEAKER_00' })
  speaker: string;

  @ApiProperty({ description: 'Seconds', example: 1.2 })
  start: number;

  @ApiProperty({ description: 'Seconds', example: 1.6 })
  end: number;

  @ApiProperty({ example: 'Hello' })
  text: string;
}

export class FrameScores {
  @ApiProperty({ description: '0–100, one per frame', type: [Number], example: [97, 98, 98] })
  score: number[];

  @ApiProperty({ description: 'Seconds per frame', example: 0.02 })
  resolution: number;
}

export class SpeakerFrameScores {
  @ApiProperty({
    description: 'Speaker to 0–100, one per frame',
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'number' } },
    example: { SPEAKER_00: [97, 98, 98] },
  })
  score: Record<string, number[]>;

  @ApiProperty({ description: 'Seconds per frame', example: 0.02 })
  resolution: number;
}

/** The result of a diarization: the vendor’s output. Only what was asked for is there; fields new to us are kept. */
export class DiarizationResult {
  @ApiProperty({ type: [SpeakerTurn] })
  diarization: SpeakerTurn[];

  @ApiPropertyOptional({ type: [SpeakerTurn], description: 'With exclusive' })
  exclusiveDiarization?: SpeakerTurn[];

  @ApiPropertyOptional({ type: FrameScores, description: 'With confidence' })
  confidence?: FrameScores;

  @ApiPropertyOptional({ type: FrameScores, description: 'With speechProbability' })
  speechProbability?: FrameScores;

  @ApiPropertyOptional({ type: FrameScores, description: 'With crosstalkProbability' })
  crosstalkProbability?: FrameScores;

  @ApiPropertyOptional({ type: SpeakerFrameScores, description: 'With speakerProbability' })
  speakerProbability?: SpeakerFrameScores;

  @ApiPropertyOptional({ type: [SpokenText], description: 'With transcription' })
  wordLevelTranscription?: SpokenText[];

  @ApiPropertyOptional({ type: [SpokenText], description: 'With transcription' })
  turnLevelTranscription?: SpokenText[];

  @ApiPropertyOptional({
    description: 'What the vendor could not honour',
    example: 'numSpeakers could not be honoured',
  })
  warning?: string;
}
