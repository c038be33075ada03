import type { Row } from '../row.js';
import { kindOf } from './row-kinds.js';
import { startsAddress } from './address-rows.js';
import { plain } from './text-key.js';

/** The rows that name the shop: from the first to the last of them. */
export interface MerchantRows {
  first: number;
  last: number;
  text: string;
}

/** The head of a receipt: the shop names itself here. */
const HEAD = 14;
/** How far below the first name the registered one may stand. */
const NEAR = 4;
const LEAST_LETTERS = 3;

const REGISTERED =
  /sdn\W{0,3}b|\bs[do]n\b|\bbhd|bhd\b|\b[s5]\/[b8]\b|enterprise|\btrading|holdings|\bplt\b|berhad|syarikat|perniagaan/i;
const FIRM =
  /sdn|bhd|[s5]\/b|enterprise|trading|restoran|restaurant|\bshop|stores?\b|mart\b|market|holdings|stationer|hardware|kedai|farmasi|pharmacy|cafe|coffee|baker|\bplt\b|syarikat|pasaraya|kitchen|bookstore|perniagaan|station\b|house|bistro|klinik|optical/i;
/** What only goes on with the name of the row above. */
const CONTINUES =
  /^\W*((alam |m\W+|msia\W+|malaysia\W+)?(sdn|bhd|berhad)\b|s[do]n\W{0,3}bh|enterprise\W*($|\()|trading\W*($|\()|hardware\W*($|\()|shop\W*$|s\/b\W*$|plt\W*$|restaurant\W*$|co\.?\W*\(|holdings?\b|(restaurant|restoran|seafood|enterprise|trading|hardware|services?|suppl(y|ies)|marketing|manufacturing|industries|stationery|store|shop|mart|supermarket|pharmacy|centre)\s+(sdn|s\/b|\())/i;
const NOT_A_NAME =
  /^(cash|yourorder|goodssold|welcome|thankyou|copy|original|posted|pos$|gst|tax|licensee|outlet|branch)/;

export function findMerchant(rows: readonly Row[]): MerchantRows | null {
  const head = rows.slice(0, HEAD);
  const usual = head.map(({ text }) => cleaned(text));
  const named = (from: number) => head.findIndex((_, i) => i >= from && canBeName(usual[i] ?? '', head[i]));
  const highest = named(0);
  const next = named(highest + 1);
  const top = highest >= 0 && next === highest + 1 && isNote(head, highest) ? next : highest;
  if (top < 0) return null;
  const first = registeredNear(head, usual, top) ?? top;
  return joined(usual, first);
}

function canBeName(text: string, row: Row | undefined): boolean {
  const letters = text.replace(/[^a-z]/gi, '').length;
  if (letters < LEAST_LETTERS || NOT_A_NAME.test(plain(text))) return false;
  if (letters <= 4 && (row?.confidence ?? 1) < 0.85) return false;
  const kind = kindOf(text);
  return kind === 'text' || ((kind === 'document' || kind === 'person') && REGISTERED.test(text));
}

/** What somebody wrote on the paper or typed above the scan: small letters only, or far off and on one side. */
function isNote(head: readonly Row[], index: number): boolean {
  const [own, next, third] = [head[index], head[index + 1], head[index + 2]];
  if (!own?.box || !next?.box || startsAddress(next.text)) return false;
  if (!/[A-Z]/.test(own.text) && /[A-Z]/.test(next.text)) return true;
  const middle = ({ x, width }: { x: number; width: number }) => x + width / 2;
  const gap = next.y - own.y;
  const aside = Math.abs(middle(own.box) - middle(next.box)) > Math.max(own.box.width, next.box.width) / 2;
  return aside && gap > 2 * Math.max(next.height, third ? third.y - next.y : 0);
}

/** A row with SDN BHD close by is the shop's full name; what stands above it is a sign or a slogan. */
function registeredNear(head: readonly Row[], texts: readonly string[], top: number): number | null {
  for (let i = top; i < Math.min(top + NEAR, head.length); i++) {
    const text = texts[i] ?? '';
    if (i > top && ((startsAddress(text) && !FIRM.test(text)) || /owned by/i.test(text))) return null;
    if (!REGISTERED.test(text) || !canBeName(text, head[i])) continue;
    if (i === top || FIRM.test(texts[top] ?? '')) return null;
    if (CONTINUES.test(text)) return i - 1;
    return isGreatTitle(head, texts, top, i) ? null : i;
  }
  return null;
}

/** A long title in far larger letters is the name, whatever is said in small print below. */
function isGreatTitle(head: readonly Row[], texts: readonly string[], top: number, below: number): boolean {
  const letters = (texts[top] ?? '').replace(/[^a-z]/gi, '').length;
  return letters >= 12 && (head[top]?.height ?? 0) > (head[below]?.height ?? 0) * 1.3;
}

function joined(texts: readonly string[], first: number): MerchantRows {
  let text = texts[first] ?? '';
  let last = first;
  for (let i = first + 1; i <= Math.min(first + 2, texts.length - 1); i++) {
    const next = texts[i] ?? '';
    if (!goesOn(text, next)) break;
    text = `${text} ${next}`;
    last = i;
  }
  return { first, last, text: text.trim() };
}

function goesOn(text: string, next: string): boolean {
  const kind = kindOf(next);
  if (CONTINUES.test(next)) return !/sdn\W*bhd\W*$/i.test(text) || !/^\W*s[do]n/i.test(next);
  if (kind !== 'text' && kind !== 'document') return false;
  if (/\([^)]*$/.test(text) && next.length < 40 && !startsAddress(next)) return true;
  if (startsAddress(next) || /owned/i.test(next)) return false;
  return /sdn\W{0,3}b|[s5]\/b\b|enterprise/i.test(next) && !/sdn|[s5]\/b|enterprise/i.test(text);
}

const CUTS: readonly RegExp[] = [
  /\s*\(?\s*licensee of.*$/i,
  /\s*\b(tel|fax|gst|tax invoice|posted)\b.*$/i,
  /(?<=b[hn]d\.?|s\/b|plt)\W*\(?\s*\w{0,3}\d{4,}[\s\S]*$/i,
  /\(?\s*\b(co\.?\s?(reg\.?)?\s?(no)?\.?\s?:?\s*)?[a-z]{0,3}\d{5,12}\s?[-–~]?\s?[a-z0-9]?\s*\)?\W*$/i,
  /[\s|:,;*"'~-]+$/,
  /^[\s|:,;*"'~.-]+/,
];

/** The name without registration numbers and whatever else shares its row. */
export function cleaned(text: string): string {
  const bare = CUTS.reduce((told, cut) => told.replace(cut, ''), text).trim();
  return bare.length > 1 ? bare : text;
}
