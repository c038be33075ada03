import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import { AsGiven } from '../../kernel/http/validation.js';
import { JobRequest } from '../../kernel/jobs/job-request.dto.js';
import { LANGUAGES, READERS, STUB } from './receipt.kind.js';

/** Photos of one request. */
export const MOST_PHOTOS = 20;

/** What holds for every photo of a request. */
export class ReceiptOptions extends JobRequest {
  @ApiPropertyOptional({
    enum: READERS,
    default: 'ocr',
    description: 'Who reads: ocr is built in and sends nothing out',
  })
  @IsOptional()
  @IsIn([...READERS, STUB], { message: `must be one of ${READERS.join(', ')}` })
  reader?: string;

  @ApiPropertyOptional({
    enum: LANGUAGES,
    description: 'What the receipts are written in; without it, it is found out',
  })
  @IsOptional()
  @IsIn(LANGUAGES, { message: `must be one of ${LANGUAGES.join(', ')}` })
  language?: (typeof LANGUAGES)[number];
}

/** One photo, as a file that was uploaded or as an address. */
export class PhotoSource {
  @ApiPropertyOptional({ description: 'A public https address. Either this or `file`', maxLength: 2_048 })
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  url?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The id of an uploaded file. Either this or `url`' })
  @IsOptional()
  @IsUUID('all', { message: 'must be the id of a file' })
  file?: string;
}

export class ReceiptsRequest extends ReceiptOptions {
  @ApiProperty({ type: [PhotoSource], minItems: 1, maxItems: MOST_PHOTOS })
  // Judged one by one: a bad photo holds up no other.
  @AsGiven()
  @ArrayMaxSize(MOST_PHOTOS, { message: `must be ${MOST_PHOTOS} at most; send more requests` })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @IsArray({ message: 'must be a list' })
  photos: unknown[];
}

/** One photo of a batch, as it is kept with its job. */
export class ReceiptRequest extends ReceiptOptions {
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  url?: string;

  @IsOptional()
  @IsUUID('all', { message: 'must be the id of a file' })
  file?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  name?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  page?: number;

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  debug?: boolean;
}

export class SubmitQuery {
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'true: the picture of every stage is kept as well' })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  debug?: string;
}

export const PICTURES = [
  'original',
  'straightened',
  'whitened',
  'find',
  'straighten',
  'deskew',
  'decode',
  'whiten',
] as const;

export class ImageQuery {
  @ApiPropertyOptional({
    enum: PICTURES,
    default: 'straightened',
    description: 'The photo as it came, cut and straightened in colour, or in grey on white; with debug: of a stage',
  })
  @IsOptional()
  @IsIn(PICTURES, { message: `must be one of ${PICTURES.join(', ')}` })
  kind?: (typeof PICTURES)[number];
}
