import type { Row } from '../row.js';
import { kindOf } from './row-kinds.js';
import { plain } from './text-key.js';
import { PLACE_WORDS } from './vocabulary.js';

const STARTS =
  /^\W*(n[o0]\b|n[o0][.,:]|n[o0]\s?\d|lot\b|lot[a-z]?\s?\d|[pb]\.?\s?t\.?\s?\d|\d+[a-z]?(?:\s?[,.&]|\s+(?=jalan|jln|lorong|&|(?:[a-z0]+\s+){1,3}(?:street|road|lane|row|avenue|square|court|close|drive|way)\b))|\d{5}\b|jalan|jln|j[il1]n\b|lorong|persiaran|g-?\d|level|l\d+-|m\d+-|block|blok|unit|suite|ground|gf|lg|ug|[a-z]{1,2}-?\d+(?:[-/]\w+)+|\d+(st|nd|rd|th) f|plot|kampung|kg\b|taman|tmn|wisma|menara|bangunan|kompleks|complex|batu \d)/i;
const PLACES =
  /jalan|\bjln|jaian|taman|\btmn|bandar|lorong|kampung|persiaran|seksyen|section|kuala\s?lumpur|selangor|johor|perak|penang|melaka|malaysia|\bfloor|\bmall\b|plaza|\blevel|\bbloc?k|wilayah|kawasan|medan|pusat|\boff\b|street|road|damansara|shah\s?alam|petaling|klang|cheras|\bkl\b|wisma|menara|\d{5}\s?[a-z]{3}|^\W*\d{5}\b|pahang|kedah|seremban|perindustrian|avenue|boulevard|\blane\b|[a-z]{1,2}\d{1,2}[a-z]?\s\d[a-z]{2}\W*$/i;
/** From a telephone number on, what belongs to the address is over. */
const TAIL = /\s*[,(]?\s*\b(tel|te1|fax|telephone|phone|hp|h\/p|gst|tax invoice|posted|co\.? ?no|reg\.? no)\b.*$/i;
const MOST_ROWS = 8;
/** How many rows may stand between the name of the shop and its address. */
const REACH = 9;

export const startsAddress = (text: string) => STARTS.test(text) && /[a-z\d]{2}/i.test(text);

function namesPlace(text: string): boolean {
  if (PLACES.test(text)) return true;
  return text
    .toUpperCase()
    .split(/[^A-Z]+/)
    .some((word) => word.length > 4 && PLACE_WORDS.has(word));
}

export interface AddressRows {
  rows: number[];
  texts: string[];
}

/** The rows of the address: after the name, from its first sign to the first row about something else. */
export function findAddress(rows: readonly Row[], after: number): AddressRows | null {
  const limit = Math.min(after + 1 + REACH, rows.length);
  for (let i = after + 1; i < limit; i++) {
    if (!opens(rows, i)) continue;
    return collect(rows, i);
  }
  return null;
}

function opens(rows: readonly Row[], index: number): boolean {
  const text = bare(rows[index]?.text ?? '');
  const kind = kindOf(text);
  if (kind !== 'text' && !(kind === 'document' && startsAddress(text) && namesPlace(text))) return false;
  if (/^\W*\(.*\)\W*$/.test(text) && !/\d/.test(text)) return false;
  if (startsAddress(text) && (/[a-z]{3}/i.test(text) || namesPlace(rows[index + 1]?.text ?? ''))) return true;
  if (!namesPlace(text)) return false;
  return !isBranch(rows, index);
}

/** The name of a branch stands alone above an address that begins with its number. */
function isBranch(rows: readonly Row[], index: number): boolean {
  const [own, next] = [rows[index]?.text ?? '', rows[index + 1]?.text ?? ''];
  return !/[\d,]/.test(own) && /^\W*(n[o0]\b|n[o0][.,]|lot\b|\d+[a-z]?[, ])/i.test(next) && !/^\W*\d{5}\b/.test(next);
}

function collect(rows: readonly Row[], from: number): AddressRows {
  const found: AddressRows = { rows: [], texts: [] };
  for (let i = from; i < Math.min(from + MOST_ROWS, rows.length); i++) {
    const whole = rows[i]?.text ?? '';
    const text = bare(whole);
    if (i > from && !goesOn(text, found.texts, rows[i + 1]?.text ?? '')) break;
    found.rows.push(i);
    found.texts.push(text.trim());
    if (bare(whole) !== whole || /malaysia\W*$/i.test(text)) break;
  }
  return found;
}

function goesOn(text: string, before: readonly string[], next: string): boolean {
  if (plain(text).length < 2) return false;
  const kind = kindOf(text);
  if (kind === 'document' || kind === 'registration')
    return namesPlace(text) && kind === 'document' && /\d{5}|jalan|taman/i.test(text);
  if (kind !== 'text') return false;
  if (/^\W*\(.*\)\W*$/.test(text) && !namesPlace(text)) return false;
  const complete = before.some((row) => /\b\d{5}\b/.test(row)) && /[a-z]{4}/i.test(before.at(-1) ?? '');
  if (complete) return namesPlace(text) || /^\W*\d{3,4}\s?-\s?[a-z]/i.test(text) || /[,]\s*$/.test(before.at(-1) ?? '');
  const unfinished = /[,.&-]\s*$/.test(before.at(-1) ?? '') || (kindOf(next) === 'text' && namesPlace(next));
  return unfinished || /[\d,]/.test(text) || namesPlace(text);
}

const bare = (text: string) => {
  const cut = text.replace(TAIL, '');
  return plain(cut).length >= 4 ? cut : text;
};
