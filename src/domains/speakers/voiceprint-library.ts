import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Aead } from '../../kernel/config/aead.js';
import { MasterKey } from '../../kernel/config/master-key.js';
import { Database } from '../../kernel/database/database.js';
import type { Transaction } from '../../kernel/database/database.js';
import { wellFormed } from '../../kernel/database/json-safe.js';
import { UUID } from '../../kernel/database/uuid.js';
import { decodeCursor, toPage } from '../../kernel/http/pagination.js';
import type { Page } from '../../kernel/http/pagination.js';
import { notFound, openedForCaller } from '../../kernel/http/problem.js';
import { AuditLog, actorOf } from '../../kernel/teams/audit-log.js';
import type { Caller } from '../../kernel/teams/caller.js';
import type { VoiceprintsQuery } from './voiceprint.dto.js';
import { voiceprintListView, voiceprintView } from './voiceprint.view.js';
import type { LibraryRow, SealedPrint, VoiceprintView } from './voiceprint.view.js';

/** An entry of the library whose print can be opened. */
export interface LibraryPrint {
  id: string;
  label: string;
  /** @throws a 503 when its key is gone */
  print(): string;
}

const COLUMNS = `id, label, print, job_id as "jobId", created_at as "createdAt"`;
const MINE = 'team_id = $1 and deleted_at is null';

/**
 * The voices that a team knows, sealed each for its own entry. They are the team’s alone: not even those who may see all
 * teams’ jobs get to see them.
 */
@Injectable()
export class VoiceprintLibrary {
  private readonly aead: Aead;

  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    masterKey: MasterKey,
  ) {
    this.aead = new Aead(masterKey, 'voiceprints');
  }

  /** Once per job, however often it is asked for, and even if the entry was deleted since. */
  async keep(voice: { jobId: string; teamId: string; label: string; print: string }): Promise<void> {
    const id = uuidv7();
    await this.database.execute(
      `insert into voiceprints (id, team_id, job_id, label, print) values ($1, $2, $3, $4, $5) on conflict (job_id) do nothing`,
      [id, voice.teamId, voice.jobId, voice.label, this.aead.seal(Buffer.from(voice.print, 'utf8'), contextOf(id))],
    );
  }

  /** Newest first; without the prints themselves. */
  async list(caller: Caller, query: VoiceprintsQuery): Promise<Page<VoiceprintView>> {
    const [before = null] = query.cursor ? decodeCursor(query.cursor, [UUID]) : [];
    const label = query.label === undefined ? null : wellFormed(query.label);
    const rows = await this.database.query<LibraryRow>(
      `select ${COLUMNS} from voiceprints where ${MINE} and ($2::uuid is null or id < $2) and ($3::text is null or label = $3)
       order by id desc limit $4`,
      [caller.teamId, before, label, query.limit + 1],
    );
    return toPage(rows, query.limit, voiceprintListView, (row) => [row.id]);
  }

  /** With its print. @throws a 404 for one that is not there or not the caller’s team’s */
  async get(caller: Caller, id: string): Promise<VoiceprintView> {
    const row = await this.row(caller, id);
    return voiceprintView(
      row,
      openedForCaller(() => this.opened(row)),
    );
  }

  /** @throws a 404 like `get` */
  async rename(caller: Caller, id: string, label: string): Promise<VoiceprintView> {
    const before = await this.row(caller, id);
    await this.database.unitOfWork(async (tx) => {
      const sql = `update voiceprints set label = $3 where ${MINE} and id = $2`;
      if ((await tx.execute(sql, [caller.teamId, id, label])) === 0) throw notFound('voiceprint');
      await this.audit.write(tx, {
        ...actOf(caller, id, 'voiceprint.rename'),
        before: { label: before.label },
        after: { label },
      });
    });
    return voiceprintListView({ ...before, label });
  }

  /** Print and name are gone for good, from the library and for the audit of it. @throws a 404 like `get` */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.row(caller, id);
    await this.database.unitOfWork(async (tx) => {
      const sql = `update voiceprints set deleted_at = now(), label = null, print = null where ${MINE} and id = $2`;
      if ((await tx.execute(sql, [caller.teamId, id])) > 0)
        await this.audit.write(tx, actOf(caller, id, 'voiceprint.delete'));
    });
  }

  /** The entries with these ids, and the newest one of each of these people. */
  async find(
    tx: Transaction,
    teamId: string,
    { ids, labels }: { ids: readonly string[]; labels: readonly string[] },
  ): Promise<LibraryPrint[]> {
    const rows = await tx.query<LibraryRow>(
      `select ${COLUMNS} from voiceprints where ${MINE} and (id = any($2) or id in (
         select max(id::text)::uuid from voiceprints where ${MINE} and label = any($3) group by label)) order by id`,
      [teamId, ids, labels],
    );
    return rows.map((row) => ({ ...row, print: () => openedForCaller(() => this.opened(row)) }));
  }

  /** Whether something may be sealed under the previous master key. */
  get isTurning(): boolean {
    return this.aead.isTurning;
  }

  /** Entries of all teams by id, for sealing them anew. */
  sealedAfter(id: string, most: number): Promise<SealedPrint[]> {
    const sql = 'select id, print from voiceprints where deleted_at is null and id > $1 order by id limit $2';
    return this.database.query<SealedPrint>(sql, [id, most]);
  }

  /** False where the present key has sealed it already, and for an entry that was deleted meanwhile. @throws {CannotOpen} */
  async sealAnew({ id, print }: SealedPrint): Promise<boolean> {
    const anew = this.aead.renew(print, contextOf(id));
    if (anew === print) return false;
    const sql = 'update voiceprints set print = $3 where id = $1 and print = $2';
    return (await this.database.execute(sql, [id, print, anew])) > 0;
  }

  private opened({ id, print }: SealedPrint): string {
    return this.aead.open(print, contextOf(id)).toString('utf8');
  }

  private async row(caller: Caller, id: string): Promise<LibraryRow> {
    const sql = `select ${COLUMNS} from voiceprints where ${MINE} and id = $2`;
    const [row] = UUID.test(id) ? await this.database.query<LibraryRow>(sql, [caller.teamId, id]) : [];
    if (!row) throw notFound('voiceprint');
    return row;
  }
}

const contextOf = (id: string): string => `voiceprint:${id}`;

function actOf(caller: Caller, id: string, action: string) {
  return { actor: actorOf(caller), teamId: caller.teamId, action, subject: `voiceprint:${id}` };
}
