import { ApiProperty } from '@nestjs/swagger';
import type { ModelFile } from './model-file.entity.js';
import type { Model, ModelType } from './model.entity.js';

export const MODEL_STATES = ['copying', 'ready', 'failed', 'gone'] as const;
const FILE_STATES = ['waiting', 'ready', 'failed', 'gone'] as const;

export class ModelFileView {
  @ApiProperty({ description: '`lora`, `config`, or the vendor’s own name of it', example: 'lora' })
  role: string;

  @ApiProperty({ example: 'pytorch_lora_weights.safetensors' })
  name: string;

  @ApiProperty({
    enum: FILE_STATES,
    description:
      'waiting: being copied, or tried again soon; failed: not tried again by itself; gone: our copy was deleted or lost',
  })
  state: (typeof FILE_STATES)[number];

  @ApiProperty({ type: 'integer', nullable: true, description: 'Bytes of our copy', example: 143_968_000 })
  size: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of our copy, in hex' })
  sha256: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the vendor says it is' })
  mediaType: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Our copy, as `GET /v1/files/{id}` has it',
  })
  fileId: string | null;

  @ApiProperty({ description: 'Where the vendor had it; it may be gone there after some days' })
  vendorUrl: string;

  @ApiProperty({ type: 'integer', description: 'How often copying it was begun' })
  attempts: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last try came to nothing' })
  lastError: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What is odd about a copy that is whole all the same' })
  note: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  links: Record<string, string>;
}

/** What a training made. */
export class ModelView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33' })
  id: string;

  @ApiProperty({
    enum: MODEL_STATES,
    description: 'copying: some files are not here yet; failed, gone: as some file is',
  })
  state: (typeof MODEL_STATES)[number];

  @ApiProperty({ format: 'uuid', description: 'The training that made it' })
  jobId: string;

  @ApiProperty({ type: String, enum: ['portrait', 'style'], nullable: true })
  type: ModelType | null;

  @ApiProperty({ type: String, nullable: true, example: 'fal-ai/flux-lora-portrait-trainer' })
  trainer: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Calls up what was learned', example: 'ohwx' })
  triggerWord: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The model that it works with', example: 'FLUX.1 [dev]' })
  baseModel: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of a model that stays with the vendor and has no files' })
  finetuneId: string | null;

  @ApiProperty({ type: [ModelFileView] })
  files: ModelFileView[];

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When all files were here' })
  readyAt: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  links: Record<string, string>;
}

/** `readable`: the ids of kept files that can be read now. */
export function modelView(model: Model, files: readonly ModelFile[], readable: ReadonlySet<string>): ModelView {
  const { id, jobId, type, trainer, triggerWord, baseModel, finetuneId } = model;
  const views = files.map((file) => fileView(file, readable));
  return {
    id,
    state: stateOf(views),
    jobId,
    type,
    trainer,
    triggerWord,
    baseModel,
    finetuneId,
    files: views,
    createdAt: model.createdAt.toISOString(),
    readyAt: model.readyAt?.toISOString() ?? null,
    links: { self: `/v1/models/${id}`, job: `/v1/jobs/${jobId}` },
  };
}

/** What most needs somebody to look at it. */
function stateOf(files: readonly ModelFileView[]): ModelView['state'] {
  const has = (wanted: ModelFileView['state']) => files.some(({ state }) => state === wanted);
  if (has('failed')) return 'failed';
  if (has('gone')) return 'gone';
  return has('waiting') ? 'copying' : 'ready';
}

/** Whether our copy was there and is not there any more. */
export function isGoneFrom({ state, fileId }: ModelFile, readable: ReadonlySet<string>): boolean {
  return state === 'ready' && !readable.has(fileId ?? '');
}

function fileView(file: ModelFile, readable: ReadonlySet<string>): ModelFileView {
  const { modelId, role, name, state, sha256, mediaType, fileId, url, attempts, lastError, note } = file;
  return {
    role,
    name,
    state: isGoneFrom(file, readable) ? 'gone' : state,
    size: file.size === null ? null : Number(file.size),
    sha256: sha256?.toString('hex') ?? null,
    mediaType,
    fileId,
    vendorUrl: url,
    attempts,
    lastError,
    note,
    links: { content: `/v1/models/${modelId}/files/${encodeURIComponent(role)}` },
  };
}
