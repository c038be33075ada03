type Type = 'string' | 'int' | 'float' | 'bool';

export interface Trainer {
  /** The input that holds the address of the archive. */
  images: string;
  required: readonly string[];
  types: Readonly<Record<string, Type>>;
  steps: number;
  /** US dollars per step, and the fewest steps that are billed; 0 where the price is not known to us. */
  perStep: number;
  fewestSteps?: number;
  /** Without it and without captions the training fails. */
  caption?: 'default_caption';
  /** Files of the output besides the usual two. */
  more?: readonly string[];
}

const COMMON = { steps: 'int', learning_rate: 'float', data_archive_format: 'string' } as const;
const FLUX = { ...COMMON, trigger_word: 'string', create_masks: 'bool', is_style: 'bool' } as const;
const FLUX_2 = { ...COMMON, default_caption: 'string', output_lora_format: 'string' } as const;

const old = { images: 'images_data_url', required: ['images_data_url'], steps: 1000 };
const newer = { images: 'image_data_url', required: ['image_data_url'], steps: 1000, perStep: 0 };
const flux2 = { ...newer, types: FLUX_2, caption: 'default_caption' } as const;

/** Every trainer that this stand-in plays; the queue knows no other app. */
export const TRAINERS: Readonly<Record<string, Trainer>> = {
  'fal-ai/flux-lora-portrait-trainer': {
    ...old,
    types: { ...COMMON, trigger_phrase: 'string', multiresolution_training: 'bool', subject_crop: 'bool' },
    steps: 2500,
    perStep: 0.0024,
    fewestSteps: 1000,
  },
  'fal-ai/flux-lora-fast-training': { ...old, types: FLUX, perStep: 0.002 },
  'fal-ai/flux-krea-trainer': { ...old, types: FLUX, perStep: 0 },
  'fal-ai/turbo-flux-trainer': {
    ...old,
    types: { ...COMMON, trigger_phrase: 'string', training_style: 'string', face_crop: 'bool' },
    perStep: 0.0024,
  },
  'fal-ai/flux-2-trainer': { ...flux2, perStep: 0.0064 },
  'fal-ai/flux-2-trainer-v2': flux2,
  'fal-ai/flux-2-trainer/edit': flux2,
  'fal-ai/flux-2-klein-4b-base-trainer': flux2,
  'fal-ai/flux-2-klein-9b-base-trainer': flux2,
  'fal-ai/flux-kontext-trainer': flux2,
  'fal-ai/z-image-trainer': { ...newer, types: { ...COMMON, default_caption: 'string' }, caption: 'default_caption' },
  'fal-ai/z-image-base-trainer': { ...newer, types: { ...COMMON, default_caption: 'string' }, steps: 2000 },
  'fal-ai/qwen-image-trainer': { ...newer, types: { ...COMMON, default_caption: 'string' }, steps: 2000 },
  'fal-ai/wan-22-image-trainer': {
    images: 'training_data_url',
    required: ['training_data_url', 'trigger_phrase'],
    types: { ...COMMON, trigger_phrase: 'string', use_masks: 'bool' },
    steps: 1000,
    perStep: 0,
    more: ['high_noise_lora'],
  },
};

export function stepsOf(trainer: Trainer, input: Record<string, unknown>): number {
  return typeof input.steps === 'number' ? input.steps : trainer.steps;
}

/** In US dollars, exact to a hundredth of a cent. */
export function priceOf(trainer: Trainer, input: Record<string, unknown>): number {
  const steps = Math.max(trainer.fewestSteps ?? 0, stepsOf(trainer, input));
  return Math.round(steps * trainer.perStep * 10_000) / 10_000;
}
