import { OPEN_STATUSES } from '../teams/limits.js';
import { priceOf } from './job-price.js';
import { JOB_STATUSES, isSettled } from './job-status.js';
import type { KindSpec } from './provider.js';

const kind = (price?: KindSpec['price']): KindSpec => ({ kind: 'drawing', price }) as KindSpec;

describe('the price of a job', () => {
  it('is what its kind makes of the input, to the millionth of a dollar', () => {
    expect(priceOf(kind(), {})).toBeNull();
    expect(
      priceOf(
        kind(({ pages }) => Number(pages) / 3),
        { pages: 2 },
      ),
    ).toBe(0.666_667);
    expect(
      priceOf(
        kind(() => 0),
        {},
      ),
    ).toBe(0);
  });

  it.each([NaN, Infinity, -0.01])('is never %d: that is a fault of the kind', (price) => {
    expect(() =>
      priceOf(
        kind(() => price),
        {},
      ),
    ).toThrow('the kind drawing has the price');
  });
});

describe('open jobs', () => {
  it('are counted against a team in every state that is not settled', () => {
    expect([...OPEN_STATUSES].sort()).toEqual(JOB_STATUSES.filter((status) => !isSettled(status)).sort());
  });
});
