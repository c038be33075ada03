import type { ReadingCheck, ReadingFields, ReadItem } from '../reading.js';
import { decimal, hundredths } from './money.js';

export interface CheckedFields {
  fields: ReadingFields;
  items: readonly ReadItem[];
  /** Today where the service runs, YYYY-MM-DD. */
  today: string;
  /** The other reading of the date, where nothing decides. */
  undecided: string | null;
  /** In hundredths. */
  serviceCharge: number;
}

/** Rounding to five sen, and a sen of tax for each item that was rounded by itself. */
const SLACK = 5;

/** What the receipt says twice must agree; what cannot be compared is left out. */
export function checksOf({ fields, items, today, undecided, serviceCharge }: CheckedFields): ReadingCheck[] {
  const value = (name: keyof ReadingFields) => (fields[name] ? hundredths(fields[name].value) : null);
  const [total, subtotal, tax, rounding] = [value('total'), value('subtotal'), value('tax'), value('rounding') ?? 0];
  const [cash, change] = [value('cash'), value('change')];
  const checks: ReadingCheck[] = [];
  if (total !== null && items.length > 0) {
    const sum = items.reduce((all, { amount }) => all + hundredths(amount), 0);
    const possible = [
      total,
      total - rounding,
      total - rounding - serviceCharge,
      subtotal,
      ...(tax === null ? [] : [total - tax, total - rounding - tax]),
    ];
    checks.push(
      compared(
        'items_sum',
        possible.filter((one) => one !== null),
        sum,
        SLACK,
      ),
    );
  }
  if (total !== null && subtotal !== null && tax !== null) {
    const charged = subtotal + serviceCharge;
    // Where prices contain the tax, the subtotal contains it too.
    checks.push(compared('tax_sum', [charged + tax + rounding, charged + rounding, charged, subtotal], total, SLACK));
  }
  if (total !== null && cash !== null && change !== null)
    checks.push(compared('cash_change', [cash - change], total, 4));
  if (fields.date) {
    const ok = fields.date.value <= dayAfter(today);
    checks.push({ name: 'date_past', ok, expected: `not after ${today}`, found: fields.date.value });
  }
  if (fields.date && undecided) {
    checks.push({
      name: 'day_or_month',
      ok: false,
      expected: `${fields.date.value} or ${undecided}`,
      found: fields.date.value,
    });
  }
  return checks;
}

function compared(name: ReadingCheck['name'], possible: readonly number[], found: number, slack: number): ReadingCheck {
  const ok = possible.some((one) => Math.abs(one - found) <= slack);
  const nearest = possible.reduce((best, one) => (Math.abs(one - found) < Math.abs(best - found) ? one : best));
  return { name, ok, expected: decimal(nearest), found: decimal(found) };
}

/** A shop may be a day ahead of the service. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3600 * 1000).toISOString().slice(0, 10);
}

const SENTENCES: Readonly<Record<ReadingCheck['name'], (check: ReadingCheck) => string>> = {
  items_sum: ({ expected, found }) => `The items add up to ${found}, the receipt says ${expected}.`,
  tax_sum: ({ expected, found }) => `Subtotal and tax make ${expected}, the total is ${found}.`,
  cash_change: ({ expected, found }) => `Cash less change is ${expected}, the total is ${found}.`,
  date_past: ({ found }) => `The date ${found} is still to come.`,
  day_or_month: ({ expected }) => `The date can be ${expected}: nothing on the receipt tells the day from the month.`,
  qr_total: ({ expected, found }) => `The QR code says a total of ${expected}, the text ${found}.`,
  qr_date: ({ expected, found }) => `The QR code says ${expected}, the text ${found}.`,
  qr_fiscal: ({ expected, found }) => `The QR code says the fiscal number ${expected}, the text ${found}.`,
};

export const disagreementsOf = (checks: readonly ReadingCheck[]) =>
  checks.filter(({ ok }) => !ok).map((check) => SENTENCES[check.name](check));
