import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Allow, ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import { IsObject, IsString, Matches, MaxLength } from 'class-validator';
import { UUID } from '../../kernel/database/uuid.js';
import { AsGiven } from '../../kernel/http/validation.js';
import { JobRequest } from '../../kernel/jobs/job-request.dto.js';
import { TYPES } from './trainers.js';
import type { TrainingType } from './trainers.js';

/** More than that are better off in a zip. */
export const MOST_FILES = 250;

const TYPE_NAMES = Object.keys(TYPES) as TrainingType[];
const ID = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const NO_ID = 'must be the id of an uploaded file';

/** An option that some trainers have: whether the chosen one has it, and takes the value, is judged by its line of the table. */
const Option = (schema: ApiPropertyOptions): PropertyDecorator =>
  applyDecorators(ApiPropertyOptional(schema), AsGiven(), Allow());

const flag = (description: string): ApiPropertyOptions => ({ type: Boolean, description });
const word = (description: string, example?: string): ApiPropertyOptions => ({ type: String, description, example });

/** A model that learns from images. An option that is left out, or null, is not sent: the vendor’s default counts. */
export class TrainingRequest extends JobRequest {
  @ApiPropertyOptional({
    enum: TYPE_NAMES,
    description: 'What is to be learned: a person or thing, or a style. Either this or `trainer`',
  })
  @IsOptional()
  @IsIn(TYPE_NAMES, { message: `must be ${TYPE_NAMES.join(' or ')}` })
  type?: TrainingType;

  @ApiPropertyOptional({
    description: 'Id of a trainer of fal.ai. Either this or `type`',
    example: 'fal-ai/turbo-flux-trainer',
  })
  @IsOptional()
  @IsString({ message: 'must be the id of a trainer' })
  @MaxLength(200)
  trainer?: string;

  @ApiPropertyOptional({
    description: 'The images: a public http(s) address of a zip. Either this, `file` or `files`',
    example: 'https://files.example.com/anna.zip',
    maxLength: 2_048,
  })
  @IsOptional()
  @IsString({ message: 'must be an http or https address' })
  @MaxLength(2_048)
  url?: string;

  @ApiPropertyOptional({ description: 'The images: the id of an uploaded zip', format: 'uuid', example: ID })
  @IsOptional()
  @Matches(UUID, { message: NO_ID })
  file?: string;

  @ApiPropertyOptional({
    description: 'The images, and .txt captions of the same names: the ids of uploaded files',
    type: [String],
    maxItems: MOST_FILES,
    example: [ID],
  })
  @IsOptional()
  @AsGiven()
  @Matches(UUID, { each: true, message: `each ${NO_ID}` })
  @ArrayUnique({ message: 'names a file twice; name each once' })
  @ArrayMaxSize(MOST_FILES, {
    message: `may name ${MOST_FILES} files at most; upload a zip instead, and name it with file`,
  })
  @ArrayNotEmpty({ message: 'must name at least one image' })
  @IsArray({ message: 'must be a list of ids of uploaded files' })
  files?: string[];

  @ApiPropertyOptional({
    description: 'With `files`: captions by the names of their images, instead of .txt files',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'anna-1.jpg': 'photo of [trigger] in a red coat' },
  })
  @IsOptional()
  @AsGiven()
  @IsObject({ message: 'must be an object of texts by names of images' })
  captions?: Record<string, string>;

  @Option(word('The word, or phrase, that calls what was learned', 'annaphoto'))
  triggerWord?: string;

  @Option({
    type: 'integer',
    minimum: 1,
    description: 'How long it learns; it is what the price depends on',
    example: 2_000,
  })
  steps?: number;

  @Option({ type: Number, description: 'How much it learns by each step', example: 0.00009 })
  learningRate?: number;

  @Option(flag('Learn at several resolutions'))
  multiresolutionTraining?: boolean;

  @Option(flag('Cut the subject out of each image'))
  subjectCrop?: boolean;

  @Option(flag('Weigh the subject, or the face, more than what is around it'))
  createMasks?: boolean;

  @Option(flag('Learn a style'))
  isStyle?: boolean;

  @Option(flag('The archive was prepared by the trainer before'))
  isInputFormatAlreadyPreprocessed?: boolean;

  @Option(word('Format of the archive; without it, by the ending of its address', 'zip'))
  dataArchiveFormat?: string;

  @Option(word('Public address of a checkpoint to go on from'))
  resumeFromCheckpoint?: string;

  @Option({ type: String, enum: ['subject', 'style'], description: 'What is to be learned' })
  trainingStyle?: string;

  @Option(flag('Cut the face out of each image'))
  faceCrop?: boolean;

  @Option(word('Caption of images without one of their own', 'a photo of a person'))
  defaultCaption?: string;

  @Option({ type: String, enum: ['fal', 'comfy'], description: 'How the weights are named' })
  outputLoraFormat?: string;

  @Option({ type: String, enum: ['content', 'style', 'balanced'], description: 'What of the images counts' })
  trainingType?: string;

  @Option(flag('Have captions written'))
  includeSyntheticCaptions?: boolean;

  @Option(flag('Cut the face out of each image'))
  useFaceCropping?: boolean;

  @Option(flag('Put the face into the middle of each image'))
  useFaceDetection?: boolean;

  @Option(flag('Weigh the subject more than what is around it'))
  useMasks?: boolean;

  @ApiPropertyOptional({
    description:
      'More inputs of the trainer, under the vendor’s names: passed on as they are. What has a field here may not stand there',
    type: 'object',
    additionalProperties: true,
    example: { seed: 7 },
  })
  @IsOptional()
  @AsGiven()
  @IsObject({ message: 'must be an object' })
  extra?: Record<string, unknown>;
}
