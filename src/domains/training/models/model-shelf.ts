import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { Database } from '../../../kernel/database/database.js';
import { wellFormed } from '../../../kernel/database/json-safe.js';
import { UUID } from '../../../kernel/database/uuid.js';
import { FilesService } from '../../../kernel/files/files.service.js';
import type { StoredFile } from '../../../kernel/files/stored-file.entity.js';
import { decodeCursor, toPage } from '../../../kernel/http/pagination.js';
import type { Page } from '../../../kernel/http/pagination.js';
import { Problem, conflict, notFound } from '../../../kernel/http/problem.js';
import { PublishedEvents } from '../../../kernel/jobs/published-events.js';
import { AuditLog, actorOf } from '../../../kernel/teams/audit-log.js';
import { sees } from '../../../kernel/teams/caller.js';
import type { Caller } from '../../../kernel/teams/caller.js';
import { ModelFile } from './model-file.entity.js';
import { TRAINED } from './model-library.js';
import { ModelRows } from './model-rows.js';
import type { ModelsQuery } from './model.dto.js';
import { Model } from './model.entity.js';
import { isGoneFrom, modelView } from './model.view.js';
import type { ModelView } from './model.view.js';

/** The models of teams, as callers see and change them. */
@Injectable()
export class ModelShelf {
  constructor(
    private readonly source: DataSource,
    private readonly database: Database,
    private readonly rows: ModelRows,
    private readonly files: FilesService,
    private readonly events: PublishedEvents,
    private readonly audit: AuditLog,
  ) {}

  /** The team's own, newest first. */
  async list(caller: Caller, query: ModelsQuery): Promise<Page<ModelView>> {
    const find = this.source
      .getRepository(Model)
      .createQueryBuilder('model')
      .where('model.team_id = :team and model.deleted_at is null', { team: caller.teamId })
      .orderBy('model.id', 'DESC');
    if (query.cursor) find.andWhere('model.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    if (query.type) find.andWhere('model.type = :type', { type: query.type });
    if (query.trainer) find.andWhere('model.trainer = :trainer', { trainer: wellFormed(query.trainer) });
    if (query.triggerWord) find.andWhere('model.trigger_word = :word', { word: wellFormed(query.triggerWord) });
    if (query.job) find.andWhere('model.job_id = :job', { job: query.job });
    const models = await find.limit(query.limit + 1).getMany();
    const files = await this.filesOf(models);
    const readable = await this.readableOf(files);
    const view = (model: Model) => modelView(model, of(model, files), readable);
    return toPage(models, query.limit, view, (model) => [model.id]);
  }

  /** @throws a 404 for a model that is not there or not the caller's */
  async get(caller: Caller, id: string): Promise<ModelView> {
    const model = await this.find(caller, id);
    const files = await this.filesOf([model]);
    return modelView(model, files, await this.readableOf(files));
  }

  /** Our copy of one of its files, by what it is or how it is called. @throws 404, 409 while there is none, 410 */
  async file(caller: Caller, id: string, wanted: string): Promise<StoredFile> {
    const model = await this.find(caller, id);
    const files = await this.filesOf([model]);
    const file = files.find(({ role }) => role === wanted) ?? files.find(({ name }) => name === wanted);
    if (!file) throw notFound('model_file');
    if (file.state !== 'ready' || file.fileId === null) throw notCopied(file);
    const kept = await this.files.ofTeam(model.teamId, file.fileId);
    if (!kept) throw copyGone();
    return kept;
  }

  /** Deletes it with its files; a second time it is not there. @throws a 404 like `get` */
  async remove(caller: Caller, id: string): Promise<void> {
    const { teamId, jobId } = await this.find(caller, id);
    await this.database.unitOfWork(async (tx) => {
      const sql = 'update models set deleted_at = now() where id = $1 and deleted_at is null';
      if ((await tx.execute(sql, [id])) === 0) return;
      const sqlOfFiles = 'delete from model_files where model_id = $1 returning file_id as "fileId"';
      const files = await tx.query<{ fileId: string | null }>(sqlOfFiles, [id]);
      await this.files.discard(
        tx,
        files.flatMap(({ fileId }) => fileId ?? []),
      );
      const act = { actor: actorOf(caller), teamId, action: 'model.delete', subject: `model:${id}` };
      if (teamId !== caller.teamId) await this.audit.write(tx, { ...act, before: { job: jobId } });
    });
  }

  /** What is missing of it is copied once more, for another day. @throws 404; 409 when nothing is, or it is on its way */
  async copyAgain(caller: Caller, id: string): Promise<ModelView> {
    const model = await this.find(caller, id);
    const files = await this.filesOf([model]);
    const readable = await this.readableOf(files);
    const missing = files.filter((file) => isMissing(file, readable));
    if (missing.length === 0) throw nothingToCopy(files);
    await this.database.unitOfWork(async (tx) => {
      await this.rows.waitAgain(tx, id, missing);
      if (!(await this.events.followAgain(tx, model.jobId, TRAINED)))
        throw conflict('job_gone', 'the training of this model was deleted, and its files can be copied no more');
    });
    return this.get(caller, id);
  }

  private async find(caller: Caller, id: string): Promise<Model> {
    const models = this.source.getRepository(Model);
    const model = UUID.test(id) ? await models.findOneBy({ id, deletedAt: IsNull() }) : null;
    if (!model || !sees(caller, model.teamId)) throw notFound('model');
    return model;
  }

  private filesOf(models: readonly Model[]): Promise<ModelFile[]> {
    const modelId = In(models.map(({ id }) => id));
    return this.source.getRepository(ModelFile).find({ where: { modelId }, order: { role: 'ASC' } });
  }

  private readableOf(files: readonly ModelFile[]): Promise<Set<string>> {
    return this.files.readable(files.flatMap(({ fileId }) => fileId ?? []));
  }
}

const of = ({ id }: Model, files: readonly ModelFile[]) => files.filter(({ modelId }) => modelId === id);

/** What waits for its first try is on its way. */
function isMissing(file: ModelFile, readable: ReadonlySet<string>): boolean {
  return file.state === 'failed' || isGoneFrom(file, readable) || (file.state === 'waiting' && file.lastError !== null);
}

const nothingToCopy = (files: readonly ModelFile[]) =>
  files.some(({ state }) => state === 'waiting')
    ? conflict('already_copying', 'what is missing of this model is being copied')
    : conflict('nothing_to_copy', 'all files of this model are here');

const copyGone = () =>
  new Problem(
    410,
    'model_file_gone',
    'our copy of this file was deleted or lost; POST /v1/models/{id}/copy tries again',
  );

const notCopied = ({ state, lastError }: ModelFile) =>
  conflict(
    'model_file_not_copied',
    state === 'failed'
      ? `the file could not be copied: ${lastError ?? 'no reason is known'}; POST /v1/models/{id}/copy tries again`
      : 'the file is still being copied; the event model.ready says when all files are here',
  );
