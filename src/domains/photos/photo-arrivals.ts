import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { FileIntake } from '../../kernel/files/file-intake.js';
import { safeName } from '../../kernel/files/file-name.js';
import { FilesEnv } from '../../kernel/files/files.env.js';
import { FilesService } from '../../kernel/files/files.service.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';
import { Problem } from '../../kernel/http/problem.js';
import type { Caller } from '../../kernel/teams/caller.js';
import { faultOf, fileEntry, refusedEntry } from './photo-entry.js';
import type { EntryFault, PhotoEntry } from './photo-entry.js';
import { readPhotoForm } from './photo-form.js';
import type { FormPhoto } from './photo-form.js';
import { PhotoWorkshop } from './photo-workshop.js';
import { PHOTO_LIMITS, admitted } from './pipeline/photo-limits.js';
import { PhotoRefusal } from './pipeline/photo-refusal.js';
import { ReceiptOrders } from './receipt.orders.js';

/** As much as tells what a file is. */
const HEAD = 1_024;

/** What a form had in it, photo by photo. */
export interface ArrivedForm {
  entries: PhotoEntry[];
  fields: Record<string, unknown>;
}

/** Photos on their way in: kept as they come, each looked at for what is seen without decoding it. */
@Injectable()
export class PhotoArrivals {
  constructor(
    private readonly intake: FileIntake,
    private readonly files: FilesService,
    private readonly workshop: PhotoWorkshop,
    private readonly orders: ReceiptOrders,
    private readonly env: FilesEnv,
    private readonly pace: Pace,
  ) {}

  /** @throws a 400 for a body that is no form or has too many photos; what is wrong with one photo is in its entry */
  async fromForm(caller: Caller, request: IncomingMessage): Promise<ArrivedForm> {
    const entries: PhotoEntry[][] = [];
    let next = 0;
    const take = async (photo: FormPhoto) => {
      const place = next++;
      entries[place] = await this.uploaded(caller, place, photo);
    };
    try {
      const fields = await readPhotoForm(request, take);
      return { entries: entries.flat(), fields };
    } catch (error) {
      await this.forget(caller, entries.flat());
      throw error;
    }
  }

  /** Files that came with a request and that no job of it needs. */
  async forget(caller: Caller, entries: readonly PhotoEntry[]): Promise<void> {
    for (const { source } of entries) {
      if (source && 'file' in source) await this.files.remove(caller, source.file).catch(() => undefined);
    }
  }

  async fromList(caller: Caller, photos: readonly unknown[]): Promise<PhotoEntry[]> {
    const entries: PhotoEntry[] = [];
    for (const [index, photo] of photos.entries()) entries.push(...(await this.listed(caller, index, photo)));
    return entries;
  }

  private async uploaded(caller: Caller, index: number, { name: given, mediaType, stream }: FormPhoto) {
    const name = safeName(given);
    try {
      const bytes = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      const { id } = await this.keep(caller.teamId, { name, mediaType, bytes });
      return await this.entriesOf(caller, index, await this.files.get(caller, id));
    } catch (error) {
      return [refusedEntry(index, name, uploadFault(error), name)];
    }
  }

  private async listed(caller: Caller, index: number, photo: unknown): Promise<PhotoEntry[]> {
    const { url, file, ...others } = (typeof photo === 'object' && photo !== null ? photo : {}) as Record<
      string,
      unknown
    >;
    const bad = (detail: string, code = 'invalid_photo', status = 400) => [
      refusedEntry(index, JSON.stringify(photo) ?? '', { code, status, detail }),
    ];
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return bad(`${unknown.slice(0, 100)}: unknown field; remove it`);
    if ((url == null) === (file == null)) return bad('give either url or file');
    if (url != null) {
      if (typeof url !== 'string' || url.length > 2_048) return bad('url: must be an absolute https address');
      const fault = this.orders.urlFault(url);
      if (fault !== null) return bad(`url: ${fault}`, 'url_refused');
      return [{ photo: index, source: { url }, same: url }];
    }
    const known = isUUID(file) ? await this.files.ofTeam(caller.teamId, String(file)) : null;
    if (!known) return bad('file: names no file of yours (any more)', 'file_not_found', 404);
    return this.entriesOf(caller, index, known);
  }

  /** What is seen by size and first bytes; a PDF becomes its pages. */
  private async entriesOf(caller: Caller, index: number, file: StoredFile): Promise<PhotoEntry[]> {
    const same = file.sha256.toString('hex');
    const refused = (fault: EntryFault) => [refusedEntry(index, same, fault, file.name)];
    try {
      if (file.size > PHOTO_LIMITS.bytes) return refused(tooLarge());
      const head = (await this.files.head(file, HEAD)) ?? Buffer.alloc(0);
      if (admitted(head) !== 'pdf') return [fileEntry(index, file)];
      const stream = await this.files.content(file);
      const outcome = await this.workshop.pages(Buffer.concat((await stream.toArray()) as Buffer[]));
      if (!outcome.ok) return refused(outcome);
      const entries: PhotoEntry[] = [];
      for (const [i, { data }] of outcome.value.pages.entries()) {
        const name = `${file.name.replace(/\.pdf$/i, '')}-${i + 1}.jpg`;
        const { id } = await this.keep(caller.teamId, { name, mediaType: 'image/jpeg', bytes: Readable.from([data]) });
        const page = await this.files.get(caller, id);
        entries.push({ ...fileEntry(index, page, i + 1), same: `${same}#${i + 1}` });
      }
      return entries;
    } catch (error) {
      if (error instanceof PhotoRefusal) return refused(faultOf(error.refusal));
      throw error;
    }
  }

  private keep(teamId: string, file: { name: string; mediaType: string; bytes: AsyncIterable<Uint8Array> }) {
    return this.intake.add({
      ...file,
      teamId,
      purpose: 'upload',
      livesMs: this.pace.ms(this.env.FILES_TTL * SECOND),
      maxBytes: PHOTO_LIMITS.bytes,
      whole: (size) => (size === 0 ? Promise.reject(empty()) : Promise.resolve()),
    });
  }
}

const empty = () => new PhotoRefusal('photo_empty', 'The file has 0 bytes. Send the photo itself.');

const tooLarge = (): EntryFault =>
  faultOf(
    new PhotoRefusal('photo_too_large', 'The file has more than 25 MiB. Send the photo as JPEG, or smaller.').refusal,
  );

/** What is wrong with this one photo. @throws everything else: no room, no database, a body that broke off */
function uploadFault(error: unknown): EntryFault {
  if (error instanceof PhotoRefusal) return faultOf(error.refusal);
  if (error instanceof Problem && error.code === 'file_too_large') return tooLarge();
  throw error;
}
