import { Injectable } from '@nestjs/common';
import { DAY, Pace } from '../../kernel/config/pace.js';
import type { Transaction } from '../../kernel/database/database.js';
import { FilesService } from '../../kernel/files/files.service.js';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { outsideUrlFault } from '../../kernel/http/outside-url.js';
import { invalidField, invalidRequest } from '../../kernel/http/problem.js';
import type { FieldError } from '../../kernel/http/problem.js';
import type { ImageSet } from './image-set.js';
import type { TrainingRequest } from './training.dto.js';
import { UploadedArchive } from './uploaded-archive.js';
import { GONE, UploadedPhotos } from './uploaded-photos.js';
import { ZipFault } from './zip-inspection.js';
import type { Look } from './zip-inspection.js';

/** A job waits for a week at most until it is sent; its images wait with it. */
const KEPT_FOR_JOB = 8 * DAY;

/** The images of a request, as far as they can be looked at. */
export interface ImageOrder {
  /** Null where only the vendor sees them. */
  seen: ImageSet | null;
  /** Files that are not there (any more): the job is not made, unless it was made before. */
  missing: FieldError[];
  /** For the job's own transaction: there the files are kept from expiring. */
  provided?(tx: Transaction): Promise<void>;
}

type Images = Pick<TrainingRequest, 'url' | 'file' | 'files' | 'captions'>;

/** Looks at the images of a request before a job is made of it. */
@Injectable()
export class ImagesOrders {
  constructor(
    private readonly env: HttpEnv,
    private readonly files: FilesService,
    private readonly archive: UploadedArchive,
    private readonly photos: UploadedPhotos,
    private readonly pace: Pace,
  ) {}

  /** @throws a 400 naming the field, and the image in it, that cannot be taken */
  async look(teamId: string, request: Images, look: Look): Promise<ImageOrder> {
    const { url, file, files, captions } = request;
    refuseNoneOrTwo(request);
    if (url != null) {
      const fault = addressFault(url) ?? outsideUrlFault(url, this.env.FETCH_ALLOW_CIDRS);
      if (fault !== null) throw invalidField('url', fault);
      return { seen: null, missing: [] };
    }
    if (file != null) return this.lookAtZip(teamId, file, look);
    const set = await this.photos.look(teamId, files ?? [], captions ?? {}, look);
    const ids = (files ?? []).map((id, i) => ({ id, field: `files[${i}]` }));
    const images = set.photos.flatMap(({ kind, name }) => (kind === 'image' ? [name] : []));
    const texts = set.photos.flatMap(({ kind, name }) => (kind === 'caption' ? [name] : []));
    const seen = { images, captions: [...texts, ...set.captions.map(({ name }) => name)], others: [] };
    // Of a set that is not whole nothing is said.
    const isWhole = set.missing.length === 0;
    return { seen: isWhole ? seen : null, missing: set.missing, provided: (tx) => this.keep(tx, teamId, ids) };
  }

  private async lookAtZip(teamId: string, id: string, look: Look): Promise<ImageOrder> {
    const stored = await this.files.ofTeam(teamId, id);
    const provided = (tx: Transaction) => this.keep(tx, teamId, [{ id, field: 'file' }]);
    if (!stored) return { seen: null, missing: [{ field: 'file', detail: GONE }], provided };
    const items = await this.archive.look(stored, look).catch((error: unknown) => {
      throw error instanceof ZipFault ? invalidField('file', error.message) : error;
    });
    const names = (kind: string) => items.flatMap((item) => (item.kind === kind ? [item.name] : []));
    return {
      seen: { images: names('image'), captions: names('caption'), others: names('other') },
      missing: [],
      provided,
    };
  }

  private async keep(tx: Transaction, teamId: string, wanted: readonly { id: string; field: string }[]): Promise<void> {
    const faults: FieldError[] = [];
    // In one order for everybody, so that two requests with the same files do not wait for each other.
    for (const { id, field } of wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const held = await this.files.keepAlive(tx, teamId, id, this.pace.ms(KEPT_FOR_JOB));
      if (!held) faults.push({ field, detail: GONE });
    }
    if (faults.length > 0) throw invalidRequest(faults);
  }
}

function refuseNoneOrTwo({ url, file, files, captions }: Images): void {
  const given = Object.entries({ url, file, files }).flatMap(([name, value]) => (value == null ? [] : [name]));
  const [first = '', second] = given;
  if (second !== undefined) throw invalidField(second, `cannot be given together with ${first}; leave one of them out`);
  if (given.length === 0)
    throw invalidField('url', 'is required: the address of a zip with the images, or file or files instead');
  if (captions != null && files == null)
    throw invalidField('captions', 'go with files only; put .txt files of the same names into the zip');
}

function addressFault(url: string): string | null {
  return /[\s\p{Cc}]/u.test(url) || !url.isWellFormed() ? 'has spaces or control characters in it; encode them' : null;
}
