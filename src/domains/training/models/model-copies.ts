import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { HOUR, Pace, SECOND } from '../../../kernel/config/pace.js';
import { wellFormed } from '../../../kernel/database/json-safe.js';
import { FilesService } from '../../../kernel/files/files.service.js';
import type { StoredFile } from '../../../kernel/files/stored-file.entity.js';
import { FetchFailed } from '../../../kernel/http/guarded-fetch.errors.js';
import { GuardedFetch } from '../../../kernel/http/guarded-fetch.js';
import { MOST_BYTES, modelBytes } from './model-download.js';
import type { ModelFile } from './model-file.entity.js';

/** Between the vendor's first byte and ours there may be a minute; then the copy is tried anew. */
const PATIENCE = 60 * SECOND;
const BEFORE_RESUMING = 500;
/** A copy that no model takes within this time goes by itself: its process died. */
const UNCLAIMED = HOUR;
const MOST_REASON = 500;

/** Brings the vendor's files into our own storage, byte by byte as they come. */
@Injectable()
export class ModelCopies implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly fetch: GuardedFetch,
    private readonly files: FilesService,
    private readonly pace: Pace,
  ) {}

  /** A whole copy, which expires soon unless it is kept. @throws when there is none; nothing of it is kept then */
  async copy(file: ModelFile, teamId: string): Promise<StoredFile> {
    const { url, name, mediaType, announcedSize } = file;
    const patience = this.pace.patience(PATIENCE);
    const limits = {
      timeoutMs: patience,
      idleMs: patience,
      pauseMs: BEFORE_RESUMING,
      maxBytes: MOST_BYTES,
      signal: this.stopping.signal,
    };
    const wanted = { url, announcedSize: announcedSize === null ? null : Number(announcedSize) };
    return this.files.keepResult({
      teamId,
      name,
      mediaType: mediaType ?? undefined,
      bytes: modelBytes(this.fetch, wanted, limits),
      livesMs: this.pace.patience(UNCLAIMED),
    });
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }
}

/** An address that we never ask: time does not change that. */
export const isRefused = (error: unknown): boolean =>
  error instanceof FetchFailed && (error.reason === 'refused_address' || error.reason === 'refused_scheme');

export const reasonOf = (error: unknown): string =>
  wellFormed((error instanceof Error ? error.message : String(error)).slice(0, MOST_REASON));

/** What is odd about a whole copy. */
export function noteOn({ announcedSize }: ModelFile, { size }: StoredFile): string | null {
  if (announcedSize === null || Number(announcedSize) === size) return null;
  return `the vendor’s result says ${announcedSize} bytes, its file has ${size}`;
}
