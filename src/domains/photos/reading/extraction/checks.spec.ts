import type { Field, ReadItem } from '../reading.js';
import { checksOf, disagreementsOf } from './checks.js';
import { NO_FIELDS } from './extracted.js';

const field = (value: string): Field => ({ value, confidence: 1, box: null });
const item = (amount: string): ReadItem => ({
  text: 'A',
  quantity: null,
  unitPrice: null,
  amount,
  confidence: 1,
  box: null,
});
const today = '2026-01-10';
const check = (fields: object, items: ReadItem[] = [], undecided: string | null = null) =>
  checksOf({ fields: { ...NO_FIELDS, ...fields }, items, today, undecided, serviceCharge: 0 });

describe('checks', () => {
  it('agree where the items make the total, with or without tax', () => {
    expect(check({ total: field('10.00') }, [item('4.00'), item('6.00')])).toMatchObject([
      { name: 'items_sum', ok: true },
    ]);
    expect(check({ total: field('10.60'), tax: field('0.60') }, [item('10.00')])).toMatchObject([
      { name: 'items_sum', ok: true },
    ]);
  });

  it('name every disagreement', () => {
    const checks = check(
      { total: field('10.00'), cash: field('20.00'), change: field('9.00'), date: field('2026-03-01') },
      [item('4.00')],
    );
    expect(disagreementsOf(checks)).toEqual([
      'The items add up to 4.00, the receipt says 10.00.',
      'Cash less change is 11.00, the total is 10.00.',
      'The date 2026-03-01 is still to come.',
    ]);
  });

  it('flag a date whose day may be its month', () => {
    const checks = check({ date: field('2018-04-03') }, [], '2018-03-04');
    expect(disagreementsOf(checks)).toEqual([
      'The date can be 2018-04-03 or 2018-03-04: nothing on the receipt tells the day from the month.',
    ]);
  });

  it('are silent about what is not there', () => {
    expect(check({})).toEqual([]);
  });
});
