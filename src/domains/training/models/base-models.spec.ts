import { baseModelOf } from './base-models.js';

describe('the base model of an adapter', () => {
  it.each([
    ['fal-ai/flux-lora-portrait-trainer', 'FLUX.1 [dev]'],
    ['fal-ai/flux-2-trainer', 'FLUX.2 [dev]'],
    ['fal-ai/flux-2-trainer-v2', 'FLUX.2 [dev]'],
    ['fal-ai/flux-2-trainer/edit', 'FLUX.2 [dev]'],
    ['fal-ai/flux-2-klein-9b-base-trainer', 'FLUX.2 [klein] 9B Base'],
    ['fal-ai/z-image-base-trainer', 'Z-Image'],
    ['fal-ai/qwen-image-trainer', 'Qwen-Image'],
    ['fal-ai/qwen-image-edit-trainer', 'Qwen-Image-Edit'],
    ['fal-ai/flux-2-trainers', null],
    ['fal-ai/a-new-trainer', null],
    ['', null],
    [null, null],
  ])('of %s', (trainer, base) => expect(baseModelOf(trainer)).toBe(base));
});
