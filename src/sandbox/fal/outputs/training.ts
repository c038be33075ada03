import { type Fault, numberOf, stringOf } from '../../faults/fault-store.js';
import type { Fate } from '../fates.js';
import type { FileStore, StoredFile } from '../file-store.js';
import { type Job, log, type Outcome } from '../job.js';
import { type Trainer, TRAINERS } from '../trainers.js';
import { archiveFinding, type Finding, finding, findings } from '../validation.js';
import { type Archives, UnusableArchive } from './archives.js';
import { fromBuffer } from './content.js';
import { lora } from './lora.js';

const BIG_SEED = 2n ** 53n + 1n;

/** What the container of a trainer does: checks its input, looks into the archive, leaves files behind. */
export class Training {
  constructor(
    private readonly archives: Archives,
    private readonly files: FileStore,
    private readonly modelBytes: number,
  ) {}

  /** Why it cannot start; null when it can. */
  async refusal(job: Job): Promise<Outcome | null> {
    const trainer = TRAINERS[job.endpoint];
    if (trainer === undefined) return refused('Unknown trainer');
    const wrong = findings(trainer, job.input);
    if (wrong.length > 0) return refused(wrong);
    const bad = await this.lookAtImages(job, trainer);
    return bad === null ? null : refused([bad]);
  }

  output(job: Job, fate: Fate, run = 'first'): Record<string, unknown> {
    const model = lora(`${job.endpoint} ${String(job.input[imagesOf(job)])} ${run}`, this.bytesOf(fate));
    const config = fromBuffer(Buffer.from(JSON.stringify(configOf(job), null, 2)));
    const file = (stored: StoredFile) => fileView(`${job.origin}${this.files.add(stored)}`, stored, fate);
    const weights = (name: string) => file({ content: model, name, type: 'application/octet-stream' });
    const output: Record<string, unknown> = { diffusers_lora_file: weights('pytorch_lora_weights.safetensors') };
    if (fate['no-config'] === undefined) {
      output.config_file = file({ content: config, name: 'config.json', type: 'application/json' });
    }
    for (const name of TRAINERS[job.endpoint]?.more ?? []) output[name] = weights(`${name}.safetensors`);
    if (fate['big-seed'] !== undefined) output.seed = BIG_SEED;
    return output;
  }

  private bytesOf({ 'model-size': size }: Fate): number {
    return size === undefined ? this.modelBytes : numberOf(size, 'bytes', this.modelBytes);
  }

  private async lookAtImages(job: Job, trainer: Trainer): Promise<Finding | null> {
    const address = String(job.input[trainer.images]);
    try {
      const { images, captions } = await this.archives.look(address);
      Object.assign(job, { images, captions });
      log(job, `Found ${images} images and ${captions} captions in the archive`);
      return tooLittle(trainer, job.input, images, captions);
    } catch (error) {
      if (!(error instanceof UnusableArchive)) throw error;
      log(job, error.message, 'ERROR');
      return archiveFinding(trainer.images, error.type, error.message, address);
    }
  }
}

function tooLittle({ images, caption }: Trainer, input: Job['input'], pictures: number, captions: number) {
  if (pictures === 0) {
    const message = 'The archive holds no images; at least 1 is required.';
    return archiveFinding(images, 'archive_file_count_below_minimum', message, input[images]);
  }
  if (caption === undefined || captions >= pictures || input[caption] != null) return null;
  return finding(caption, 'value_error', `Value error, ${caption} is required when images have no caption files.`);
}

function refused(detail: string | Finding[]): Outcome {
  return { code: 422, error: 'Invalid status code: 422', detail };
}

function imagesOf(job: Job): string {
  return TRAINERS[job.endpoint]?.images ?? '';
}

function configOf({ endpoint, input, images, captions }: Job) {
  const trigger = input.trigger_phrase ?? input.trigger_word ?? input.default_caption ?? null;
  return { instance_prompt: trigger, trainer: endpoint, images, captions, config: input };
}

function fileView(address: string, { name, type, content }: StoredFile, fate: Fate) {
  const url = elsewhere(address, fate['private-model']);
  if (fate['bare-files'] !== undefined) return { url };
  return { url, content_type: type, file_name: name, file_size: content.size };
}

function elsewhere(url: string, fault: Fault | undefined): string {
  if (fault === undefined) return url;
  return Object.assign(new URL(url), { host: stringOf(fault, 'host', '10.0.0.1'), port: '' }).href;
}
