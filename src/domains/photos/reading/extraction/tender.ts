import type { PaymentMethod } from '../reading.js';
import type { Row } from '../row.js';
import { findAmounts } from './amounts.js';
import { contains, wordKey } from './text-key.js';

/** What was handed over, and what came back. */
export interface Tendered {
  value: number;
  row: number;
}

export interface Payment {
  cash: Tendered | null;
  card: Tendered | null;
  change: Tendered | null;
  method: PaymentMethod | null;
  /** The row that names the method. */
  methodRow: number | null;
}

const RECEIVED = /cashrec|cashtend|amountpaid|tender|paidamount|amountrec/;
const CASH = /^(cash|lash|tunai)|cash(rm|rh|myr)|cashreceived|cashtender|paycash|amountpaid|tendered|paidamount/;
const NOT_CASH = /cashsale|cashier|rounding|change|cashback|cashinv|cashbill|[a-z]{4,}cash/;
const CARD = /visa|master(card)?|amex|creditcard|debitcard|mydebit|bankcard|^card/;
const OTHER = /boost|grabpay|touchngo|tngo|ewallet|voucher|alipay|wechat/;
const CHANGE = /change|chg|baki|balancerm|kembali/;
const NOT_CHANGE = /exchange|nochange|changeable/;

export function findPayment(rows: readonly Row[]): Payment {
  const keys = rows.map(({ text }) => wordKey(text));
  const amounts = rows.map(({ text }) => findAmounts(text).at(-1)?.value);
  const find = (says: (key: string) => boolean): Tendered | null => {
    for (const [row, key] of keys.entries()) {
      const value = amounts[row];
      if (value !== undefined && says(key)) return { value, row };
    }
    return null;
  };
  const cash =
    find((key) => RECEIVED.test(key)) ?? find((key) => CASH.test(key) && !NOT_CASH.test(key.replace(/^cash/, '')));
  const card = find((key) => CARD.test(key));
  const other = find((key) => OTHER.test(key));
  const change = find((key) => (CHANGE.test(key) || contains(key, 'change')) && !NOT_CHANGE.test(key));
  const means: [PaymentMethod, Tendered | null][] = [
    ['card', card],
    ['other', other],
    ['cash', cash],
  ];
  const [method, row] = means.find(([, found]) => found && found.value > 0) ?? [null, null];
  return { cash, card, change, method, methodRow: row?.row ?? null };
}
