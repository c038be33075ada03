import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a receipt says by its key; an absent field is not counted. */
export interface ReceiptKey {
  /** Relative to the folder. */
  image: string;
  company?: string;
  date?: string;
  address?: string;
  total?: string;
}

/** `keys.json` of a folder of receipts. */
export function readKeys(folder: string): ReceiptKey[] {
  const keys = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')) as ReceiptKey[];
  if (!Array.isArray(keys) || keys.some(({ image }) => typeof image !== 'string')) {
    throw new Error(`${join(folder, 'keys.json')} is not a list of receipts with an "image" each`);
  }
  return keys;
}
