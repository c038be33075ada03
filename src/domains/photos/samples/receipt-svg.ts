import { money, totalOf, type Receipt } from './receipt.js';

/** Black modules of a QR code, row by row. */
export interface QrModules {
  size: number;
  dark: boolean[];
}

interface Row {
  left: string;
  right?: string;
  centred?: boolean;
  size: number;
}

const WIDTH = 576;
const MARGIN = 26;
const MODULE = 6;

const WORDS = {
  en: {
    title: 'TAX INVOICE',
    date: 'DATE',
    net: 'SUBTOTAL',
    tax: 'TAX',
    total: 'TOTAL',
    cash: 'CASH',
    change: 'CHANGE',
    card: 'CARD',
  },
  ru: {
    title: '',
    date: 'ДАТА',
    net: 'БЕЗ НДС',
    tax: 'НДС',
    total: 'ИТОГ',
    cash: 'НАЛИЧНЫМИ',
    change: 'СДАЧА',
    card: 'БЕЗНАЛИЧНЫМИ',
  },
};

/** A thermal printer's receipt, 576 dots wide. */
export function receiptSvg(receipt: Receipt, qr?: QrModules): string {
  const rows = rowsOf(receipt);
  let y = 46;
  const text = rows.map((row) => {
    y += row.size * 1.5;
    return textOf(row, y);
  });
  const code = qr ? qrSvg(qr, (WIDTH - qr.size * MODULE) / 2, y + 34) : '';
  const height = Math.round(y + 60 + (qr ? qr.size * MODULE + 30 : 0));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}">`,
    '<rect width="100%" height="100%" fill="#f7f6f2"/>',
    '<g fill="#26262a" font-family="DejaVu Sans Mono, Liberation Mono, monospace">',
    ...text,
    code,
    '</g></svg>',
  ].join('\n');
}

function rowsOf(receipt: Receipt): Row[] {
  const words = WORDS[receipt.language];
  const total = totalOf(receipt);
  const tax = Math.round((total * receipt.taxPercent) / (100 + receipt.taxPercent));
  const centred = (left: string, size = 21): Row => ({ left, size, centred: true });
  const pair = (left: string, right: string, size = 22): Row => ({ left, right, size });
  const { cash, fiscal } = receipt;
  return [
    centred(receipt.company, 26),
    ...receipt.address.map((line) => centred(line)),
    ...receipt.details.map((line) => centred(line)),
    ...(words.title ? [centred(words.title, 24)] : []),
    pair(`${words.date}: ${receipt.date}`, receipt.time),
    pair('-'.repeat(39), ''),
    ...receipt.items.flatMap(([name, count, price]) => [
      pair(name, money(count * price)),
      ...(count > 1 ? [pair(`   ${count} X ${money(price)}`, '', 19)] : []),
    ]),
    pair('-'.repeat(39), ''),
    ...(receipt.taxPercent > 0
      ? [pair(words.net, money(total - tax)), pair(`${words.tax} ${receipt.taxPercent}%`, money(tax))]
      : []),
    pair(words.total, money(total), 34),
    ...(cash === undefined
      ? [pair(words.card, money(total))]
      : [pair(words.cash, money(cash)), pair(words.change, money(cash - total))]),
    ...(fiscal ? [pair(`ФН ${fiscal.fn}`, `ФД ${fiscal.fd}`, 20), pair(`ФП ${fiscal.fp}`, '', 20)] : []),
    ...receipt.footer.map((line) => centred(line)),
  ];
}

function textOf({ left, right, centred, size }: Row, y: number): string {
  const at = (x: number, anchor: string, value: string) =>
    `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" xml:space="preserve">${escaped(value)}</text>`;
  if (centred) return at(WIDTH / 2, 'middle', left);
  return at(MARGIN, 'start', left) + (right ? at(WIDTH - MARGIN, 'end', right) : '');
}

function qrSvg({ size, dark }: QrModules, left: number, top: number): string {
  const squares = dark.map((isDark, i) => {
    const [x, y] = [left + (i % size) * MODULE, top + Math.floor(i / size) * MODULE];
    return isDark ? `M${x} ${y}h${MODULE}v${MODULE}h-${MODULE}z` : '';
  });
  return `<path d="${squares.join('')}"/>`;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
