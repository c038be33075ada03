/** The models whose adapters a trainer makes; the first that fits. Newer versions of a trainer end in more words. */
const BASE_MODELS: readonly (readonly [string, string])[] = [
  ['flux-lora-portrait-trainer', 'FLUX.1 [dev]'],
  ['flux-lora-fast-training', 'FLUX.1 [dev]'],
  ['turbo-flux-trainer', 'FLUX.1 [dev]'],
  ['flux-krea-trainer', 'FLUX.1 Krea [dev]'],
  ['flux-kontext-trainer', 'FLUX.1 Kontext [dev]'],
  ['flux-pro-trainer', 'FLUX.1 [pro]'],
  ['flux-2-trainer', 'FLUX.2 [dev]'],
  ['flux-2-klein-4b-base-trainer', 'FLUX.2 [klein] 4B Base'],
  ['flux-2-klein-9b-base-trainer', 'FLUX.2 [klein] 9B Base'],
  ['z-image-trainer', 'Z-Image Turbo'],
  ['z-image-base-trainer', 'Z-Image'],
  ['qwen-image-edit', 'Qwen-Image-Edit'],
  ['qwen-image', 'Qwen-Image'],
  ['wan-22-image-trainer', 'Wan 2.2'],
];

/** Null for a trainer that nobody knew when this was written. */
export function baseModelOf(trainer: string | null): string | null {
  const name = trainer?.replace(/^fal-ai\//, '') ?? '';
  return BASE_MODELS.find(([known]) => name === known || /^[-/]/.test(after(name, known)))?.[1] ?? null;
}

/** What follows the beginning of a text; nothing when it begins otherwise. */
const after = (text: string, beginning: string) => (text.startsWith(beginning) ? text.slice(beginning.length) : '');
