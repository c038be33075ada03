import { getMetadataStorage } from 'class-validator';
import { inputFault } from './trainer.js';
import { PRICES, knownPriceOf, priceOf } from './trainer-prices.js';
import { TRAINERS, TYPES, trainerOf } from './trainers.js';
import { TrainingRequest } from './training.dto.js';
import { OPTIONS } from './training-options.js';

describe('the table of trainers', () => {
  it.each(TRAINERS.map((trainer) => [trainer.id, trainer] as const))('makes sense of %s', (_id, trainer) => {
    const { inputs, triggerInput, captionInput, required = [] } = trainer;
    const named = [triggerInput, captionInput, ...required].filter((name) => name != null);
    expect(named.filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
    expect(Object.hasOwn(inputs, trainer.imagesInput)).toBe(false);
    for (const input of Object.values(inputs)) {
      if (input.default === undefined || input.default === '') continue;
      expect(inputFault(input, input.default, [])).toBeNull();
    }
    if (trainer.retired) expect(trainerOf(trainer.retired.instead)?.retired).toBeUndefined();
  });

  it('has every trainer that has a price, and every one that a type means', () => {
    for (const id of [...Object.keys(PRICES), ...Object.values(TYPES).map(({ trainer }) => trainer)])
      expect(trainerOf(id)).not.toBeNull();
  });

  it('has a field of the request for every input', () => {
    const rules = getMetadataStorage().getTargetValidationMetadatas(TrainingRequest, '', false, false);
    const fields = new Set(rules.map(({ propertyName }) => propertyName));
    expect(OPTIONS.filter((option) => !fields.has(option))).toEqual([]);
  });

  it('says of a trainer that is none, nothing', () => {
    expect([trainerOf('toString'), trainerOf('')]).toEqual([null, null]);
  });
});

describe('the price of a training', () => {
  const priced = (trainer: string, steps?: number) =>
    knownPriceOf({ trainer, inputs: steps === undefined ? {} : { steps } });

  it.each([
    ['fal-ai/flux-lora-portrait-trainer', undefined, 6],
    ['fal-ai/flux-lora-portrait-trainer', 2_000, 4.8],
    ['fal-ai/flux-lora-portrait-trainer', 100, 2.4],
    ['fal-ai/flux-lora-fast-training', undefined, 2],
    ['fal-ai/flux-lora-fast-training', 300, 0.6],
    ['fal-ai/turbo-flux-trainer', 500, 1.2],
    ['fal-ai/flux-2-trainer', undefined, 6.4],
    ['fal-ai/flux-2-trainer-v2/edit', 1, 0.0064],
    ['fal-ai/flux-krea-trainer', undefined, null],
    ['fal-ai/none', 1, null],
    ['toString', 1, null],
  ])('of %s with %p steps is %p', (trainer, steps, price) => expect(priced(trainer, steps)).toBe(price));

  it.each([[{}], [{ trainer: null, inputs: null }], [{ trainer: 'fal-ai/z-image-trainer', inputs: { steps: 9 } }]])(
    'counts nothing where it is not known: %j',
    (input) => expect(priceOf(input)).toBe(0),
  );

  it('is a number whatever was kept', () => {
    const trainer = 'fal-ai/turbo-flux-trainer';
    for (const steps of ['many', null, -1.5, {}]) expect(priceOf({ trainer, inputs: { steps } })).toBe(2.4);
  });
});
