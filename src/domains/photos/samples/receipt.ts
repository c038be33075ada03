/** What is printed on one of our receipts; the sums are worked out where it is drawn, so that they are right. */
export interface Receipt {
  name: string;
  language: 'en' | 'ru';
  company: string;
  /** Lines as printed; the truth is all of them, joined by a space. */
  address: string[];
  /** Under the address: registration, telephone. */
  details: string[];
  /** As printed. */
  date: string;
  time: string;
  /** Name, count, price of one in cents. */
  items: [string, number, number][];
  taxPercent: number;
  /** Money handed over, in cents; without it the receipt was paid by card. */
  cash?: number;
  fiscal?: { fn: string; fd: string; fp: string; qr: boolean };
  footer: string[];
}

/** What a reader should find. */
export interface ReceiptTruth {
  image: string;
  company: string;
  date: string;
  address: string;
  total: string;
}

export const totalOf = ({ items }: Receipt): number => items.reduce((sum, [, count, price]) => sum + count * price, 0);

export const money = (cents: number): string => (cents / 100).toFixed(2);

export const truthOf = (receipt: Receipt): ReceiptTruth => ({
  image: `${receipt.name}.jpg`,
  company: receipt.company,
  date: receipt.date,
  address: receipt.address.join(' '),
  total: money(totalOf(receipt)),
});

/** The text in a fiscal QR: time, sum, storage, document, sign, kind 1 (a sale). */
export function fiscalText(receipt: Receipt): string | undefined {
  if (!receipt.fiscal?.qr) return undefined;
  const [day = '', month = '', year = ''] = receipt.date.split('.');
  const { fn, fd, fp } = receipt.fiscal;
  const time = `${year}${month}${day}T${receipt.time.replace(':', '')}`;
  return `t=${time}&s=${money(totalOf(receipt))}&fn=${fn}&i=${fd}&fp=${fp}&n=1`;
}
