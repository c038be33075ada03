import { wellFormed } from '../../../kernel/database/json-safe.js';
import { safeName } from '../../../kernel/files/file-name.js';
import type { ProviderJob } from '../../../kernel/jobs/provider.js';
import { baseModelOf } from './base-models.js';
import type { ModelType } from './model.entity.js';

export interface TrainedFile {
  role: string;
  url: string;
  name: string;
  mediaType: string | null;
  /** Bytes, as the vendor says. */
  announcedSize: number | null;
}

/** A model as the result of its training tells of it. */
export interface TrainedModel {
  type: ModelType | null;
  trainer: string | null;
  triggerWord: string | null;
  baseModel: string | null;
  finetuneId: string | null;
  files: TrainedFile[];
}

type Fields = Readonly<Record<string, unknown>>;

/** More than any trainer makes; what says more is none. */
const MOST_FILES = 16;
const MOST_TEXT = 500;
const MOST_URL = 4_000;

/** What the vendor's names of files are called here; others keep their own. */
const ROLES: Readonly<Record<string, string>> = {
  diffusers_lora_file: 'lora',
  lora_url: 'lora',
  config_file: 'config',
};

/** Null when the result names neither a file nor a fine-tune. */
export function modelOf({ input, result }: Pick<ProviderJob, 'input' | 'result'>): TrainedModel | null {
  const files = filesIn(result ?? {});
  const finetuneId = textOf(result?.finetune_id);
  if (files.length === 0 && finetuneId === null) return null;
  const trainer = textOf(input.trainer);
  const inputs = isFields(input.inputs) ? input.inputs : {};
  const triggerWord = textOf(inputs.trigger_phrase) ?? textOf(inputs.trigger_word);
  const type = input.type === 'portrait' || input.type === 'style' ? input.type : null;
  return { type, trainer, triggerWord, baseModel: baseModelOf(trainer), finetuneId, files };
}

function filesIn(result: Fields): TrainedFile[] {
  const found = new Map<string, TrainedFile>();
  for (const [key, value] of Object.entries(result)) {
    const role = wellFormed(ROLES[key] ?? key.slice(0, 60));
    const file = fileIn(key, value);
    if (file && !found.has(role) && found.size < MOST_FILES) found.set(role, { role, ...file });
  }
  return [...found.values()];
}

/** An object with a `url`, as the vendor's own files are, or a bare address under a name that is a file's. */
function fileIn(key: string, value: unknown): Omit<TrainedFile, 'role'> | null {
  const file = isFields(value) ? value : /(_file|_url|lora)$/.test(key) ? { url: value } : {};
  const { url, file_name: name, content_type: mediaType, file_size: size } = file;
  if (typeof url !== 'string' || url === '' || url.length > MOST_URL) return null;
  return {
    url: wellFormed(url),
    name: safeName(textOf(name) ?? lastOf(url)),
    mediaType: textOf(mediaType),
    announcedSize: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
  };
}

/** Of data: addresses and the like the path is no name. */
function lastOf(url: string): string | undefined {
  return URL.canParse(url) && /^https?:/i.test(url) ? new URL(url).pathname : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? wellFormed(value.slice(0, MOST_TEXT)) : null;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
