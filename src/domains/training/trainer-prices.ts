import { rounded } from '../../kernel/teams/money.js';
import type { TrainerPrice } from './trainer.js';

/** When the prices were read; they are what an estimate is made of, not what the vendor bills. */
export const PRICES_OF = '2026-09-03';

const FLUX_2: TrainerPrice = { perStep: 0.0064, usualSteps: 1_000 };

/** US dollars, by the page of each model (`https://fal.ai/models/<id>`). What is not in here has a price that we do not know. */
export const PRICES: Readonly<Record<string, TrainerPrice>> = {
  'fal-ai/flux-lora-portrait-trainer': { perStep: 0.0024, leastSteps: 1_000, usualSteps: 2_500 },
  // The page says 2 USD for 1000 steps, and in proportion.
  'fal-ai/flux-lora-fast-training': { perStep: 0.002, usualSteps: 1_000 },
  // The page says 2.40 USD for 1000 steps.
  'fal-ai/turbo-flux-trainer': { perStep: 0.0024, usualSteps: 1_000 },
  'fal-ai/flux-2-trainer': FLUX_2,
  'fal-ai/flux-2-trainer/edit': FLUX_2,
  'fal-ai/flux-2-trainer-v2': FLUX_2,
  'fal-ai/flux-2-trainer-v2/edit': FLUX_2,
};

/** What a training is estimated to cost, in US dollars, by its kept input; null when we do not know the price. */
export function knownPriceOf(input: Readonly<Record<string, unknown>>): number | null {
  const { trainer, inputs } = input as { trainer?: unknown; inputs?: { steps?: unknown } | null };
  const price = typeof trainer === 'string' && Object.hasOwn(PRICES, trainer) ? PRICES[trainer] : undefined;
  if (!price) return null;
  const steps = Number.isSafeInteger(inputs?.steps) ? (inputs?.steps as number) : price.usualSteps;
  return rounded(Math.max(steps, price.leastSteps ?? 0) * price.perStep);
}

/** The same for the budget of a team: what is unknown counts nothing, and the training's `warnings` say so. */
export const priceOf = (input: Readonly<Record<string, unknown>>): number => knownPriceOf(input) ?? 0;
