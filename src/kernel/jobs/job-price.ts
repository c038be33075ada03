import { rounded } from '../teams/money.js';
import type { KindSpec } from './provider.js';

/** US dollars, to the millionth; null for a kind without a price. @throws when the kind's price is none */
export function priceOf(spec: KindSpec, input: Readonly<Record<string, unknown>>): number | null {
  if (!spec.price) return null;
  const price = spec.price(input);
  if (!Number.isFinite(price) || price < 0) throw new Error(`the kind ${spec.kind} has the price ${price} for a job`);
  return rounded(price);
}
