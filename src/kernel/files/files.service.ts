import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { UUID } from '../database/uuid.js';
import { decodeCursor, toPage } from '../http/pagination.js';
import type { Page } from '../http/pagination.js';
import { notFound } from '../http/problem.js';
import { AppLogger } from '../observability/app-logger.js';
import { AuditLog, actorOf } from '../teams/audit-log.js';
import { sees } from '../teams/caller.js';
import type { Caller } from '../teams/caller.js';
import type { ByteRange } from './byte-range.js';
import { FileIntake } from './file-intake.js';
import type { NewFile } from './file-intake.js';
import { safeName } from './file-name.js';
import { fileView } from './file.view.js';
import type { FileView, FilesQuery } from './file.view.js';
import { FileStore } from './file-store.js';
import { fileGone, fileLost } from './files.problems.js';
import { FilesSpace } from './files-space.js';
import { StoredFile, isGone } from './stored-file.entity.js';

/** A result on its way to be kept. */
export type NewResult = Pick<NewFile, 'teamId' | 'name' | 'mediaType' | 'bytes' | 'length'> & {
  /** Real milliseconds until it expires unless `keepForGood` follows; without it, it is kept until somebody deletes it. */
  livesMs?: number;
};

/** Files of teams: for callers through their own eyes, for the code of the house by team. */
@Injectable()
export class FilesService {
  constructor(
    private readonly source: DataSource,
    private readonly database: Database,
    private readonly store: FileStore,
    private readonly space: FilesSpace,
    private readonly intake: FileIntake,
    private readonly audit: AuditLog,
    private readonly logger: AppLogger,
  ) {}

  /** @throws a 404 for a file that is not there or not the caller's, a 410 for one that has expired or was deleted */
  async get(caller: Caller, id: string): Promise<StoredFile> {
    const file = await this.find(id);
    if (!file || !sees(caller, file.teamId)) throw notFound('file');
    if (isGone(file)) throw fileGone();
    return file;
  }

  /** Newest first, without those that are gone. */
  async list(caller: Caller, query: FilesQuery): Promise<Page<FileView>> {
    const find = this.source
      .getRepository(StoredFile)
      .createQueryBuilder('file')
      .where('file.team_id = :team and file.deleted_at is null', { team: caller.teamId })
      .andWhere('coalesce(file.expires_at > now(), true)')
      .orderBy('file.id', 'DESC');
    if (query.cursor) find.andWhere('file.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    if (query.purpose) find.andWhere('file.purpose = :purpose', { purpose: query.purpose });
    return toPage(await find.limit(query.limit + 1).getMany(), query.limit, fileView, (file) => [file.id]);
  }

  /** The content, or a part of it. @throws a 410 when the bytes are not there any more, a 503 while the store is away */
  async content(file: StoredFile, range?: ByteRange): Promise<Readable> {
    const stream = await this.read(file, range);
    if (!stream) throw fileLost();
    return stream;
  }

  /** Deletes for good; a second time changes nothing. Who reads it at this moment reads on to the end. */
  async remove(caller: Caller, id: string): Promise<void> {
    const file = await this.find(id);
    if (!file || !sees(caller, file.teamId)) throw notFound('file');
    const deleted = await this.database.unitOfWork(async (tx) => {
      const rows = await this.markDeleted(tx, 'id = $1', [file.id]);
      if (rows.length > 0 && file.teamId !== caller.teamId) await this.tell(tx, caller, file);
      return rows;
    });
    await this.free(deleted);
  }

  /** Marks what has expired and frees its space. Returns how many there were. */
  async removeExpired(most: number): Promise<number> {
    const expired = await this.markDeleted(
      this.database,
      'id in (select id from files where deleted_at is null and expires_at <= now() order by expires_at limit $1)',
      [most],
    );
    await this.free(expired);
    return expired.length;
  }

  /** For the code of the house: a team's file that can be read now, or null. */
  async ofTeam(teamId: string, id: string): Promise<StoredFile | null> {
    const file = await this.find(id);
    return !file || file.teamId !== teamId || isGone(file) || file.missingSince ? null : file;
  }

  /** For the code of the house: the bytes of such a file. Null when they are not there, which is noted on the row. @throws a 503 */
  async read(file: StoredFile, range?: ByteRange): Promise<Readable | null> {
    const stream = await this.store.read(file.id, range);
    if (stream) return stream;
    await this.database.execute('update files set missing_since = now() where id = $1 and missing_since is null', [
      file.id,
    ]);
    return null;
  }

  /** The first bytes, to see what it is; null when they are not there. @throws a 503 */
  head(file: StoredFile, length: number): Promise<Buffer | null> {
    return this.store.head(file.id, length);
  }

  /** Sees to it that a team's file lives at least that long. False when it is not there (any more). */
  async keepAlive(tx: Transaction, teamId: string, id: string, ms: number): Promise<boolean> {
    const held = await tx.execute(
      `update files set expires_at = greatest(expires_at, now() + $3::float8 * interval '1 millisecond')
       where id = $2 and team_id = $1 and deleted_at is null and missing_since is null
         and coalesce(expires_at > now(), true)`,
      [teamId, id, ms],
    );
    return held > 0;
  }

  /** Which of these can be read now. */
  async readable(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      `select id from files
       where id = any($1) and deleted_at is null and missing_since is null and coalesce(expires_at > now(), true)`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** For the code of the house: deletes files together with what they belonged to; their space is freed after the commit. */
  async discard(tx: Transaction, ids: readonly string[]): Promise<void> {
    const deleted = await this.markDeleted(tx, 'id = any($1)', [ids]);
    // What is not freed now is taken by the tidying.
    tx.afterCommit(() => void this.free(deleted).catch(() => undefined));
  }

  /** What was kept for a while stays until somebody deletes it. False when it is not there (any more). */
  async keepForGood(tx: Transaction, id: string): Promise<boolean> {
    const kept = await tx.execute(
      `update files set expires_at = null
       where id = $1 and deleted_at is null and missing_since is null and coalesce(expires_at > now(), true)`,
      [id],
    );
    return kept > 0;
  }

  /** Keeps what a vendor made, as it comes, until somebody deletes it. @throws a 507 when there is no room */
  async keepResult(result: NewResult): Promise<StoredFile> {
    const { id } = await this.intake.add({
      ...result,
      name: safeName(result.name),
      purpose: 'result',
      livesMs: result.livesMs ?? null,
    });
    const file = await this.find(id);
    if (!file) throw new Error('the file vanished while it was made');
    return file;
  }

  private async find(id: string): Promise<StoredFile | null> {
    return UUID.test(id) ? this.source.getRepository(StoredFile).findOneBy({ id }) : null;
  }

  private async markDeleted(
    on: Pick<Transaction, 'query'>,
    where: string,
    parameters: unknown[],
  ): Promise<{ id: string; size: string }[]> {
    return on.query(
      `update files set deleted_at = now() where deleted_at is null and ${where} returning id, size`,
      parameters,
    );
  }

  /** A team's own is its business; another team's is an act of those who run the service. */
  private tell(tx: Transaction, caller: Caller, { id, teamId, name, size }: StoredFile): Promise<void> {
    const act = { actor: actorOf(caller), teamId, action: 'file.delete', subject: `file:${id}` };
    return this.audit.write(tx, { ...act, before: { name, size } });
  }

  /** The row first, the bytes second: what is left in between is a file without a row, which the tidying removes. */
  private async free(rows: readonly { id: string; size: string }[]): Promise<void> {
    for (const { id, size } of rows) {
      await this.store.remove(id).catch((error: unknown) => this.logger.warn('a file is freed later', { id, error }));
      this.space.freed(Number(size));
    }
  }
}
