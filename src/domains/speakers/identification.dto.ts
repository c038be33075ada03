import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { Transform, Type, plainToInstance } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { ValidateNested } from 'class-validator';
import { ConversationRequest, NO_FLAG } from './conversation-request.dto.js';
import { IsNoList, IsRowId } from './diarization.rules.js';
import { fieldsOf } from '../../kernel/http/json-fields.js';
import { IsPrintInsteadOf, IsSpeakerLabelUnless } from './voiceprint.rules.js';

/** What the vendor takes. */
const MAX_SPEAKERS = 50;

/** A person who may be heard: with a print that is given here, or with one of the team’s library. */
export class KnownSpeaker {
  @ApiPropertyOptional({
    description:
      'The person’s name, as the result shall call them: up to 100 characters, not beginning with SPEAKER_. Alone: the newest print that the library has under this name',
    example: 'Anna',
    maxLength: 100,
  })
  @IsSpeakerLabelUnless((other) => other('id') != null, 'the person’s name, or the id of a print in your library')
  label?: string;

  @ApiPropertyOptional({ description: 'A print as it came from the vendor', maxLength: 20_000 })
  @IsPrintInsteadOf('id')
  voiceprint?: string;

  @ApiPropertyOptional({
    description: 'A print of the library (`GET /v1/voiceprints`), under its own name unless `label` gives another',
    format: 'uuid',
    example: '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33',
  })
  @IsRowId('the id of a voiceprint in your library')
  id?: string;
}

export class Matching {
  @ApiPropertyOptional({ description: 'A print is at most one of the speakers', default: true })
  @IsOptional()
  @IsBoolean(NO_FLAG)
  exclusive?: boolean;

  @ApiPropertyOptional({
    description: 'Matches below it are dropped; 0 matches everybody to somebody',
    minimum: 0,
    maximum: 100,
    default: 0,
    example: 50,
  })
  @IsOptional()
  @IsNumber({}, { message: 'must be a number' })
  @Min(0)
  @Max(100)
  threshold?: number;
}

/** No more than it takes to see that there are too many: a million of them would hold up everybody while they are looked at. */
function people(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const few = value.slice(0, MAX_SPEAKERS + 1) as unknown[];
  return few.map((item) => (fieldsOf(item) ? plainToInstance(KnownSpeaker, item) : item));
}

/** Who speaks when, by name, in an audio file. */
export class IdentificationRequest extends ConversationRequest {
  @ApiProperty({
    description: 'Who may be heard, each once',
    type: [KnownSpeaker],
    minItems: 1,
    maxItems: MAX_SPEAKERS,
    example: [{ label: 'Anna' }, { id: '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33' }],
  })
  @IsArray({ message: 'must be a list of 1 to 50 people' })
  @ArrayMinSize(1, { message: 'must name 1 to 50 people' })
  @ArrayMaxSize(MAX_SPEAKERS, { message: 'must name 1 to 50 people; leave some out' })
  @ValidateNested({ each: true, message: 'must be objects with a label, and a voiceprint or an id' })
  @Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => people(obj[key]))
  voiceprints: KnownSpeaker[];

  @ApiPropertyOptional({ description: 'How sure a match has to be', type: Matching })
  @IsOptional()
  @IsNoList()
  @ValidateNested({ message: 'must be an object' })
  @Type(() => Matching)
  matching?: Matching;
}
