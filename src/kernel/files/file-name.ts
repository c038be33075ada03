import { wellFormed } from '../database/json-safe.js';

const MAX_BYTES = 200;
/** Controls, and what turns the direction of text around or hides in it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A name to show and to save under: no folders, nothing invisible, never empty, 200 bytes at most. */
export function safeName(given: string | undefined): string {
  const parts = wellFormed((given ?? '').replace(UNSEEN, '')).split(/[/\\]/);
  const last = parts.findLast((part) => part.trim() !== '') ?? '';
  const name = last.normalize('NFC').trim().replace(/^\.+/, '').trim();
  return name === '' ? 'unnamed' : shortened(name);
}

/** The end stays: it says what kind of file it is. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const ending = /\.[\w-]{1,16}$/.exec(name)?.[0] ?? '';
  let start = '';
  for (const letter of name.slice(0, name.length - ending.length)) {
    if (Buffer.byteLength(start + letter + ending) > MAX_BYTES) break;
    start += letter;
  }
  return start + ending;
}

/** Headers come as Latin-1; most programs send UTF-8 in them. */
export function headerText(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? value : text;
}

/** `%D0%BA` as browsers write it; anything that only looks like it stays as it is. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The file name in a `Content-Disposition` (RFC 6266): `filename*` before `filename`. */
export function dispositionName(header: string): string | undefined {
  const extended = /;\s*filename\*\s*=\s*UTF-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (extended !== undefined) return unescaped(extended);
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(header) ?? [];
  const name = quoted?.replace(/\\(.)/g, '$1') ?? plain;
  return name === undefined ? undefined : headerText(name);
}

/** Always to be saved, never shown in place. Plain ASCII for old programs, UTF-8 for all others. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
