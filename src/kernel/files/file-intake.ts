import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import { Problem, conflict } from '../http/problem.js';
import { Idempotency } from '../teams/idempotency.js';
import { BOUNDLESS, TeamLimits } from '../teams/team-limits.js';
import type { Allowance } from '../teams/team-limits.js';
import { FileStore } from './file-store.js';
import type { Draft } from './file-store.js';
import { digestMismatch, fileTooLarge, isDiskFull, storageFull } from './files.problems.js';
import { FilesSpace } from './files-space.js';
import type { Room } from './files-space.js';
import { HEAD_BYTES, mediaTypeOf } from './media-type.js';
import type { FilePurpose } from './stored-file.entity.js';

/** Bytes to be kept, and what is known of them before they have come. */
export interface NewFile {
  teamId: string;
  /** Safe to show already. */
  name: string;
  mediaType?: string;
  purpose: FilePurpose;
  /** Real milliseconds; null: kept until somebody deletes it. */
  livesMs: number | null;
  bytes: AsyncIterable<Uint8Array>;
  length?: number;
  maxBytes?: number;
  sha256?: Buffer;
  /** Called when all bytes have come; what it throws means that they are not kept. */
  whole?(size: number): Promise<void>;
  idempotency?: { route: string; key: string };
}

interface Written {
  size: number;
  sha256: Buffer;
  mediaType: string;
}

/**
 * Takes bytes in: to the store as they come, hashed on the way, there under their id when all have come, then the row. What is
 * interrupted anywhere leaves no row, and at worst a file that the next tidying removes.
 */
@Injectable()
export class FileIntake {
  constructor(
    private readonly store: FileStore,
    private readonly space: FilesSpace,
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly limits: TeamLimits,
  ) {}

  /** The id of the file, or of the one that the idempotency key stands for. @throws 400, 409, 413, 422, 429, 503, 507 */
  async add(file: NewFile): Promise<{ id: string; replayed: boolean }> {
    await this.space.refresh(() => this.bytesKept());
    const { length = 0, maxBytes = Infinity } = file;
    if (length > maxBytes) throw fileTooLarge(maxBytes);
    const allowance = await this.allowanceOf(file);
    allowance.reached(length);
    const mine = uuidv7();
    const room = this.space.take(mine, length);
    try {
      const written = await this.take(file, await this.store.draft(mine), room, allowance);
      return await this.record(file, written, mine, room);
    } catch (error) {
      room.release();
      throw isDiskFull(error) ? storageFull() : error;
    }
  }

  private async take(file: NewFile, draft: Draft, room: Room, allowance: Allowance): Promise<Written> {
    try {
      const written = await this.write(file, draft, room, allowance);
      await draft.keep();
      return written;
    } catch (error) {
      await draft.discard();
      throw error;
    }
  }

  /** Chunk by chunk: the next is asked for when there is room for it on its way to the store. */
  private async write(file: NewFile, draft: Draft, room: Room, allowance: Allowance): Promise<Written> {
    const { maxBytes = Infinity } = file;
    const hash = createHash('sha256');
    let head = Buffer.alloc(0);
    let size = 0;
    for await (const chunk of file.bytes) {
      size += chunk.length;
      if (size > maxBytes) throw fileTooLarge(maxBytes);
      allowance.reached(size);
      room.reached(size);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
      hash.update(chunk);
      await draft.write(chunk);
    }
    await file.whole?.(size);
    const sha256 = hash.digest();
    if (file.sha256 && !file.sha256.equals(sha256)) throw digestMismatch(sha256);
    return { size, sha256, mediaType: mediaTypeOf(file.mediaType, head) };
  }

  /** The row and the claim on the key, together; a file that is not needed after all leaves the store again. */
  private async record(file: NewFile, written: Written, mine: string, room: Room) {
    try {
      const id = await this.database.unitOfWork(async (tx) => {
        const { teamId, idempotency } = file;
        const body = { name: file.name, mediaType: written.mediaType, sha256: written.sha256.toString('hex') };
        const claimed = idempotency
          ? await this.idempotency.claim(tx, { teamId, ...idempotency, body, jobId: mine })
          : mine;
        if (claimed === mine) {
          if (file.purpose === 'upload') await this.limits.admitUpload(tx, teamId, written.size);
          await tx.execute(
            `insert into files (id, team_id, name, media_type, size, sha256, purpose, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, now() + $8::float8 * interval '1 millisecond')`,
            [mine, teamId, file.name, written.mediaType, written.size, written.sha256, file.purpose, file.livesMs],
          );
          return mine;
        }
        const [earlier] = await tx.query(
          'select 1 from files where id = $1 and deleted_at is null and coalesce(expires_at > now(), true)',
          [claimed],
        );
        if (!earlier) throw conflict('file_gone', 'the file of this Idempotency-Key is gone; take a new key');
        return claimed;
      });
      if (id === mine) room.kept();
      else await this.forget(mine);
      room.release();
      return { id, replayed: id !== mine };
    } catch (error) {
      // A commit whose answer got lost may have happened: then the bytes are needed; if not, the tidying takes them.
      if (error instanceof Problem) await this.forget(mine);
      throw error;
    }
  }

  /** It has no row: should the store be away now, the tidying takes it. */
  private forget(id: string): Promise<void> {
    return this.store.remove(id).catch(() => undefined);
  }

  /** What a vendor made is paid for and kept; a repeat of what is kept already adds nothing. */
  private async allowanceOf({ purpose, teamId, idempotency }: NewFile): Promise<Allowance> {
    if (purpose !== 'upload') return BOUNDLESS;
    if (idempotency && (await this.idempotency.isTaken({ teamId, ...idempotency }))) return BOUNDLESS;
    return this.limits.allowanceFor(teamId);
  }

  private async bytesKept(): Promise<number> {
    const [row] = await this.database.query<{ bytes: string }>(
      'select coalesce(sum(size), 0) as bytes from files where deleted_at is null and missing_since is null',
    );
    return Number(row?.bytes ?? 0);
  }
}
