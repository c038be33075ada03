import type { Trainer, TrainerInput } from './trainer.js';
import { PRICES } from './trainer-prices.js';

/**
 * Every documented trainer of images, as of 2026-11-21: names, types and defaults by the types of `@fal-ai/client` 1.10.1
 * and the page of each model. Least and most of steps and learning rate are documented nowhere: the vendor judges them.
 */
const count = (value?: number): TrainerInput => ({ type: 'count', ...(value === undefined ? {} : { default: value }) });
const rate = (value: number): TrainerInput => ({ type: 'rate', default: value });
const flag = (value?: boolean): TrainerInput => ({ type: 'flag', ...(value === undefined ? {} : { default: value }) });
const text = (value?: string): TrainerInput => ({ type: 'text', ...(value === undefined ? {} : { default: value }) });
const choice = (value: string, ...others: string[]): TrainerInput => ({
  type: 'choice',
  of: [value, ...others],
  default: value,
});

type Facts = Omit<Trainer, 'id' | 'source' | 'price'>;

const FAST: Facts = {
  imagesInput: 'images_data_url',
  triggerInput: 'trigger_word',
  advisedImages: 4,
  captionsReplaceTrigger: true,
  inputs: {
    trigger_word: text(),
    create_masks: flag(true),
    steps: count(),
    is_style: flag(false),
    is_input_format_already_preprocessed: flag(false),
    data_archive_format: text(),
  },
};

/** FLUX.2 and Kontext: a caption for every image, or one for all that have none. */
const FLUX_2: Facts = {
  imagesInput: 'image_data_url',
  triggerInput: null,
  advisedImages: 10,
  captionInput: 'default_caption',
  inputs: {
    default_caption: text(),
    steps: count(1_000),
    learning_rate: rate(0.00005),
    output_lora_format: choice('fal', 'comfy'),
  },
};

const CAPTIONED: Facts = {
  imagesInput: 'image_data_url',
  triggerInput: null,
  captionInput: 'default_caption',
  inputs: { default_caption: text(), steps: count(2_000), learning_rate: rate(0.0005) },
};

const paired = (facts: Facts): Facts => ({ ...facts, pairs: true });

const TABLE: Readonly<Record<string, Facts>> = {
  'fal-ai/flux-lora-portrait-trainer': {
    imagesInput: 'images_data_url',
    triggerInput: 'trigger_phrase',
    advisedImages: 10,
    inputs: {
      trigger_phrase: text(),
      steps: count(2_500),
      learning_rate: rate(0.00009),
      multiresolution_training: flag(true),
      subject_crop: flag(true),
      create_masks: flag(),
      data_archive_format: text(),
      resume_from_checkpoint: { type: 'address', default: '' },
    },
  },
  'fal-ai/flux-lora-fast-training': FAST,
  'fal-ai/flux-krea-trainer': FAST,
  'fal-ai/turbo-flux-trainer': {
    imagesInput: 'images_data_url',
    triggerInput: 'trigger_phrase',
    advisedImages: 10,
    inputs: {
      trigger_phrase: text('ohwx'),
      steps: count(1_000),
      learning_rate: rate(0.00115),
      training_style: choice('subject', 'style'),
      face_crop: flag(true),
    },
  },
  'fal-ai/flux-2-trainer': FLUX_2,
  'fal-ai/flux-2-trainer/edit': paired(FLUX_2),
  'fal-ai/flux-2-trainer-v2': FLUX_2,
  'fal-ai/flux-2-trainer-v2/edit': paired(FLUX_2),
  'fal-ai/flux-2-klein-4b-base-trainer': FLUX_2,
  'fal-ai/flux-2-klein-4b-base-trainer/edit': paired(FLUX_2),
  'fal-ai/flux-2-klein-9b-base-trainer': FLUX_2,
  'fal-ai/flux-2-klein-9b-base-trainer/edit': paired(FLUX_2),
  'fal-ai/flux-kontext-trainer': paired(FLUX_2),
  'fal-ai/z-image-trainer': {
    imagesInput: 'image_data_url',
    triggerInput: null,
    advisedImages: 10,
    captionInput: 'default_caption',
    inputs: {
      default_caption: text(),
      steps: count(1_000),
      learning_rate: rate(0.0001),
      training_type: choice('balanced', 'content', 'style'),
    },
  },
  'fal-ai/z-image-base-trainer': CAPTIONED,
  'fal-ai/z-image-turbo-trainer-v2': CAPTIONED,
  'fal-ai/qwen-image-trainer': {
    imagesInput: 'image_data_url',
    triggerInput: 'trigger_phrase',
    advisedImages: 10,
    inputs: { trigger_phrase: text(''), steps: count(1_000), learning_rate: rate(0.0005) },
  },
  'fal-ai/qwen-image-trainer-v2': CAPTIONED,
  'fal-ai/qwen-image-2512-trainer': CAPTIONED,
  'fal-ai/qwen-image-2512-trainer-v2': CAPTIONED,
  'fal-ai/qwen-image-edit-trainer': paired(CAPTIONED),
  'fal-ai/qwen-image-edit-plus-trainer': paired(CAPTIONED),
  'fal-ai/qwen-image-edit-2509-trainer': paired(CAPTIONED),
  'fal-ai/qwen-image-edit-2511-trainer': paired(CAPTIONED),
  'fal-ai/qwen-image-layered-trainer': paired(CAPTIONED),
  'fal-ai/wan-22-image-trainer': {
    imagesInput: 'training_data_url',
    triggerInput: 'trigger_phrase',
    required: ['trigger_phrase'],
    inputs: {
      trigger_phrase: text(),
      steps: count(1_000),
      learning_rate: rate(0.0007),
      is_style: flag(),
      include_synthetic_captions: flag(),
      use_face_cropping: flag(),
      use_face_detection: flag(true),
      use_masks: flag(true),
    },
  },
  // As of client 1.7.2; later ones do not have it.
  'fal-ai/flux-pro-trainer': {
    imagesInput: 'data_url',
    triggerInput: 'trigger_word',
    required: ['finetune_comment'],
    retired: { instead: 'fal-ai/flux-lora-fast-training' },
    inputs: {
      finetune_comment: text(),
      mode: choice('character', 'product', 'style', 'general'),
      iterations: count(300),
      learning_rate: rate(0.0001),
      priority: choice('quality', 'speed', 'high_res_only'),
      captioning: flag(true),
      trigger_word: text('TOK'),
      lora_rank: count(32),
      finetune_type: choice('full', 'lora'),
    },
  },
};

export const TRAINERS: readonly Trainer[] = Object.entries(TABLE).map(([id, facts]) => ({
  ...facts,
  id,
  source: `https://fal.ai/models/${id}/api`,
  ...(PRICES[id] ? { price: PRICES[id] } : {}),
}));

const BY_ID = new Map(TRAINERS.map((trainer) => [trainer.id, trainer]));

export const trainerOf = (id: string): Trainer | null => BY_ID.get(id) ?? null;

/** What callers choose who do not want to choose a trainer. */
export const TYPES = {
  portrait: { trainer: 'fal-ai/flux-lora-portrait-trainer', inputs: {} },
  style: { trainer: 'fal-ai/flux-lora-fast-training', inputs: { is_style: true } },
} as const satisfies Record<string, { trainer: string; inputs: Readonly<Record<string, unknown>> }>;

export type TrainingType = keyof typeof TYPES;
