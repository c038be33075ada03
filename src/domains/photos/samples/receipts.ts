import { englishReceipts } from './english-receipts.js';
import type { Receipt } from './receipt.js';
import { russianReceipts } from './russian-receipts.js';

/** The twelve that ship. */
export const receipts: Receipt[] = [...englishReceipts, ...russianReceipts];
