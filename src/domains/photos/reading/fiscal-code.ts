/** What the QR code of a Russian receipt says. */
export interface FiscalCode {
  /** YYYY-MM-DD */
  date: string;
  /** HH:MM or HH:MM:SS */
  time: string;
  /** In hundredths of a rouble. */
  total: number;
  storage: string;
  document: string;
  sign: string;
}

const TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?$/;

/** `t=20180405T1530&s=123.45&fn=…&i=…&fp=…&n=1`; null for any other text. */
export function parseFiscalCode(text: string): FiscalCode | null {
  const values = new URLSearchParams(text.trim());
  const [t, s, storage, document, sign, kind] = ['t', 's', 'fn', 'i', 'fp', 'n'].map((name) => values.get(name) ?? '');
  const [, year, month, day, hour, minute, second] = TIME.exec(t ?? '') ?? [];
  if (!year || !month || !day || !hour || !minute) return null;
  if (!/^\d+(\.\d{1,2})?$/.test(s ?? '') || !/^\d{10,16}$/.test(storage ?? '')) return null;
  if (!/^\d+$/.test(document ?? '') || !/^\d+$/.test(sign ?? '') || !/^[1-4]$/.test(kind ?? '')) return null;
  const [whole = '0', part = ''] = (s ?? '').split('.');
  return {
    date: `${year}-${month}-${day}`,
    time: [hour, minute, ...(second ? [second] : [])].join(':'),
    total: Number(whole) * 100 + Number(part.padEnd(2, '0')),
    storage: storage ?? '',
    document: document ?? '',
    sign: sign ?? '',
  };
}
