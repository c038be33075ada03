import { Injectable } from '@nestjs/common';
import { FilesService } from '../../kernel/files/files.service.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';
import { invalidRequest } from '../../kernel/http/problem.js';
import type { FieldError } from '../../kernel/http/problem.js';
import { captionsOf } from './given-captions.js';
import { Gate } from './gate.js';
import { MOST_IMAGE_BYTES, imageFault, tooLarge } from './image-check.js';
import type { Photo } from './photo.js';
import { kindOf, shown } from './zip-entry.js';
import { MOST_ZIP_BYTES } from './zip-inspection.js';
import type { Look } from './zip-inspection.js';

const AT_A_TIME = 2;
const MOST_CAPTION = 64 * 1_024;
const FIRST = 100;

export interface PhotoSet {
  photos: Photo[];
  /** Texts that were given with the request. */
  captions: { name: string; text: string }[];
  /** Files that are not there (any more). */
  missing: FieldError[];
}

/** Images that were uploaded to us one by one. */
@Injectable()
export class UploadedPhotos {
  private readonly gate = new Gate(AT_A_TIME);

  constructor(private readonly files: FilesService) {}

  /** What they are. @throws a 400 that names every file that cannot be taken */
  async look(
    teamId: string,
    ids: readonly string[],
    texts: Readonly<Record<string, unknown>>,
    look: Look,
  ): Promise<PhotoSet> {
    const photos: (Photo | null)[] = [];
    const faults: FieldError[] = [];
    for (const [i, id] of ids.entries()) {
      const photo = await this.photo(teamId, id);
      const fault = photo && nameFault(photo, photos);
      if (fault) faults.push({ field: `files[${i}]`, detail: fault });
      photos.push(photo);
    }
    const there = photos.filter((photo) => photo !== null);
    const size = there.reduce((sum, { file }) => sum + file.size, 0);
    if (size > MOST_ZIP_BYTES)
      faults.push({ field: 'files', detail: `have ${size} bytes; ${MOST_ZIP_BYTES} are taken at most` });
    if (there.length === ids.length && !there.some(({ kind }) => kind === 'image'))
      faults.push({ field: 'files', detail: 'has no images in it, only captions' });
    const given = captionsOf(texts, there, there.length === ids.length);
    faults.push(...given.faults);
    if (faults.length > 0) throw invalidRequest(faults);
    await this.decode(look === 'all' ? photos : photos.slice(0, look === 'first' ? FIRST : 0));
    const missing = photos.flatMap((photo, i) => (photo ? [] : [{ field: `files[${i}]`, detail: GONE }]));
    return { photos: there, captions: given.captions, missing };
  }

  private async photo(teamId: string, id: string): Promise<Photo | null> {
    const file = await this.files.ofTeam(teamId, id);
    if (!file) return null;
    const kind = kindOf(file.name);
    if (kind === 'caption') return { name: file.name, kind, file };
    return { name: kind === 'image' ? file.name : `${file.name}.${await this.ending(file)}`, kind: 'image', file };
  }

  /** For an image whose name does not say that it is one. */
  private async ending(file: StoredFile): Promise<string> {
    const head = ((await this.files.head(file, 4)) ?? Buffer.alloc(0)).toString('latin1');
    if (head.startsWith('\x89PNG')) return 'png';
    return head === 'RIFF' ? 'webp' : 'jpg';
  }

  private async decode(photos: readonly (Photo | null)[]): Promise<void> {
    const faults: FieldError[] = [];
    for (const [i, photo] of photos.entries()) {
      if (photo?.kind !== 'image') continue;
      const fault = await this.gate.through(async () => imageFault(await this.bytesOf(photo.file)));
      if (fault !== null) faults.push({ field: `files[${i}]`, detail: `${shown(photo.name)} ${fault}` });
    }
    if (faults.length > 0) throw invalidRequest(faults);
  }

  private async bytesOf(file: StoredFile): Promise<Buffer> {
    const stream = await this.files.read(file);
    const parts: Buffer[] = [];
    for await (const part of stream ?? []) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }
}

export const GONE = 'names no file of yours (any more); upload it with POST /v1/files';

/** Two of one name would be one in the zip, and its caption anybody's. */
function nameFault({ name, kind, file }: Photo, before: readonly (Photo | null)[]): string | null {
  const most = kind === 'image' ? MOST_IMAGE_BYTES : MOST_CAPTION;
  if (file.size > most) {
    return `${shown(name)} ${kind === 'image' ? tooLarge(file.size) : `has ${file.size} bytes; a caption may have ${most} at most`}`;
  }
  const twin = before.findIndex((other) => other?.name.toLowerCase() === name.toLowerCase());
  if (twin < 0) return null;
  return `has the name ${shown(name)}, as files[${twin}] has (${shown(before[twin]?.name ?? '')}); upload it under another one`;
}
