import type { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise } from 'yauzl';
import type { RandomAccessReader, ZipFile } from 'yauzl';
import { imageFault } from './image-check.js';
import { entryFault, itemOf, shown } from './zip-entry.js';
import type { Item } from './zip-entry.js';

/** What is wrong with an archive, as a phrase to follow the field's name. */
export class ZipFault extends Error {}

const GIB = 1_024 ** 3;
/** What the zip itself may have; and what may come out of it. */
export const MOST_ZIP_BYTES = 2 * GIB;
const MOST_UNPACKED = 4 * GIB;
const MOST_ENTRIES = 10_000;
const LOCAL_HEADER = 30;

/** How closely: by names alone, as many images as a caller can wait for, or all of them. */
export type Look = 'names' | 'first' | 'all';

const FIRST = { images: 100, bytes: 256 * 1_024 * 1_024 };

/** Opens an archive, which is closed by who gets it. @throws {ZipFault} when it is none, or not all of it is there */
export async function openZip(reader: RandomAccessReader, size: number): Promise<ZipFile> {
  if (size > MOST_ZIP_BYTES) throw new ZipFault(`has ${size} bytes; a zip may have ${MOST_ZIP_BYTES} at most`);
  const options = { lazyEntries: true, decodeStrings: false, autoClose: false, validateEntrySizes: true };
  return fromRandomAccessReaderPromise(reader, size, options).catch((error: Error) => {
    throw new ZipFault(`is no zip archive, or not all of it is there (${error.message})`);
  });
}

/** All that is in it, by its directory, without what operating systems leave behind. @throws {ZipFault} */
export async function itemsOf(zip: ZipFile): Promise<Item[]> {
  if (zip.entryCount > MOST_ENTRIES)
    throw new ZipFault(`has ${zip.entryCount} entries; ${MOST_ENTRIES} are taken at most`);
  const items: Item[] = [];
  const names = new Map<string, string>();
  let unpacked = 0;
  for await (const item of readItems(zip)) {
    const fault = entryFault(item);
    if (fault !== null) throw new ZipFault(`cannot be taken: ${shown(item.name)} ${fault}`);
    unpacked += item.entry.uncompressedSize;
    if (unpacked > MOST_UNPACKED) throw new ZipFault(`unpacks to more than ${MOST_UNPACKED} bytes`);
    const twin = names.get(item.name.toLowerCase());
    if (twin !== undefined)
      throw new ZipFault(`has two entries of one name, ${shown(twin)} and ${shown(item.name)}; rename one`);
    names.set(item.name.toLowerCase(), item.name);
    items.push(item);
  }
  refuseOverlaps(items);
  return items.filter(({ kind }) => kind !== 'folder' && kind !== 'junk');
}

/** Unpacks what is in it, image by image, each held alone. @throws {ZipFault} naming the first that is none */
export async function unpackAll(zip: ZipFile, items: readonly Item[], look: Look): Promise<void> {
  if (look === 'names') return;
  let [images, bytes] = [0, 0];
  for (const item of items) {
    if (item.kind === 'image') images += 1;
    bytes += item.entry.uncompressedSize;
    if (look === 'first' && (images > FIRST.images || bytes > FIRST.bytes)) return;
    await unpack(zip, item);
  }
}

async function* readItems(zip: ZipFile): AsyncGenerator<Item, void, undefined> {
  try {
    for await (const entry of zip.eachEntry()) yield itemOf(entry);
  } catch (error) {
    if (error instanceof ZipFault) throw error;
    throw new ZipFault(`cannot be read: its directory is damaged (${messageOf(error)})`);
  }
}

/** Many names for the same bytes make a small archive a huge one. */
function refuseOverlaps(items: readonly Item[]): void {
  const inOrder = items.map(({ name, entry }) => ({ name, entry }));
  inOrder.sort((a, b) => a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const { name, entry } of inOrder) {
    if (entry.relativeOffsetOfLocalHeader < end)
      throw new ZipFault(`cannot be taken: ${shown(name)} shares its bytes with another entry`);
    end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + entry.fileNameLength + entry.compressedSize;
  }
}

async function unpack(zip: ZipFile, { name, kind, entry }: Item): Promise<void> {
  const parts: Buffer[] = [];
  let stream: Readable | null = null;
  try {
    stream = await zip.openReadStreamPromise(entry);
    // It ends with an error as soon as more comes out than the directory says.
    for await (const part of stream) if (kind === 'image') parts.push(part as Buffer);
  } catch (error) {
    throw new ZipFault(`cannot be unpacked: ${shown(name)} is damaged (${messageOf(error)})`);
  } finally {
    stream?.destroy();
  }
  const fault = kind === 'image' ? await imageFault(Buffer.concat(parts)) : null;
  if (fault !== null) throw new ZipFault(`cannot be taken: ${shown(name)} ${fault}`);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
