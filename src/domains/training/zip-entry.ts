import { getFileNameLowLevel, validateFileName } from 'yauzl';
import type { Entry } from 'yauzl';
import { MOST_IMAGE_BYTES } from './image-check.js';

export type EntryKind = 'folder' | 'junk' | 'image' | 'caption' | 'other';

/** What an archive says of one thing in it. */
export interface Item {
  name: string;
  kind: EntryKind;
  entry: Entry;
}

const MOST_NAME = 512;
const MOST_CAPTION = 64 * 1_024;
/** Pictures are compressed already; what shrinks that much is empty, or a trap. */
const MOST_RATIO = 200;
const SMALL = 1_024 * 1_024;

const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;

/** What is wrong with an entry is told with its name. */
export const shown = (name: string): string => JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);

/** By the name alone; whether an image is one is seen by its content. */
export function kindOf(name: string): EntryKind {
  if (name.endsWith('/')) return 'folder';
  const parts = name.split('/');
  const last = parts.at(-1)?.toLowerCase() ?? '';
  if (parts.includes('__MACOSX') || last.startsWith('._') || ['.ds_store', 'thumbs.db', 'desktop.ini'].includes(last))
    return 'junk';
  if (/\.(jpe?g|jpe|jfif|png|webp|gif|avif|hei[cf]|bmp|tiff?|svgz?)$/.test(last)) return 'image';
  return last.endsWith('.txt') ? 'caption' : 'other';
}

/** Without its ending: what a caption has in common with its image. */
export const rootOf = (name: string): string => name.replace(/\.[^./]+$/, '').toLowerCase();

/** The entry under its name, backslashes of old programs made slashes. */
export function itemOf(entry: Entry): Item {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  return { name, kind: kindOf(name), entry };
}

/** What is wrong with an entry by what the archive says of it, as a phrase to follow its name; null when nothing is. */
export function entryFault({ name, kind, entry }: Item): string | null {
  if (name === '' || name.length > MOST_NAME) return `has a name that is empty, or longer than ${MOST_NAME} characters`;
  if (/\p{Cc}/u.test(name)) return 'has control characters in its name';
  if (validateFileName(name) !== null) {
    return 'has a name that leads out of the archive; names may not be absolute, nor have .. in them';
  }
  if ((entry.versionMadeBy >> 8) % 256 === 3 && ((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMLINK)
    return 'is a link to another file; put the file itself into the archive';
  if (kind === 'folder') return null;
  if (entry.isEncrypted()) return 'is encrypted; make the archive without a password';
  if (!entry.canDecodeFileData()) {
    return `is compressed by method ${entry.compressionMethod}, which few programs know; use deflate, or store it`;
  }
  return sizeFault(kind, entry);
}

function sizeFault(kind: EntryKind, { compressedSize, uncompressedSize }: Entry): string | null {
  if (kind === 'caption' && uncompressedSize > MOST_CAPTION)
    return `has ${uncompressedSize} bytes; a caption may have ${MOST_CAPTION} at most`;
  if (uncompressedSize > MOST_IMAGE_BYTES)
    return `has ${uncompressedSize} bytes when unpacked; ${MOST_IMAGE_BYTES} may be in one file`;
  if (uncompressedSize > SMALL && uncompressedSize > compressedSize * MOST_RATIO)
    return `unpacks to more than ${MOST_RATIO} times its size, as no photo does`;
  return null;
}
