export type PhotoType = 'jpeg' | 'png' | 'webp' | 'avif' | 'heic' | 'pdf';

/** What a file is by its first bytes; whatever its name or `Content-Type` says. */
export type ContentType = PhotoType | 'gif' | 'tiff' | 'bmp' | 'svg' | 'html' | 'zip' | 'text' | 'unknown';

const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

export function contentTypeOf(bytes: Uint8Array): ContentType {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return 'webp';
  if (start.slice(4, 8) === 'ftyp') return byBrands(start);
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (start.startsWith('II*\0') || start.startsWith('MM\0*')) return 'tiff';
  if (start.startsWith('BM') && start.slice(6, 10) === '\0\0\0\0') return 'bmp';
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return 'zip';
  // Readers of PDF accept bytes before the header.
  if (start.includes('%PDF-')) return 'pdf';
  return asText(start);
}

/** ISO base media: one main brand, and those that the file is compatible with. `mif1` says only "HEIF". */
function byBrands(start: string): ContentType {
  const length = Math.min(start.length, start.charCodeAt(2) * 256 + start.charCodeAt(3));
  const brands = [start.slice(8, 12)];
  for (let at = 16; at + 4 <= length; at += 4) brands.push(start.slice(at, at + 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  return brands.some((brand) => HEIC_BRANDS.has(brand)) ? 'heic' : 'unknown';
}

function asText(start: string): ContentType {
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/<svg[\s>]/i.test(text)) return 'svg';
  if (/^<(!doctype html|html|head|body)/i.test(text)) return 'html';
  // eslint-disable-next-line no-control-regex
  return text.length > 0 && !/[\x00-\x08\x0e-\x1f]/.test(text) ? 'text' : 'unknown';
}
