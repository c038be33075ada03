import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../../../kernel/database/database.js';
import type { Transaction } from '../../../kernel/database/database.js';
import { FilesService } from '../../../kernel/files/files.service.js';
import type { StoredFile } from '../../../kernel/files/stored-file.entity.js';
import { ModelFile } from './model-file.entity.js';
import { Model } from './model.entity.js';
import type { TrainedFile, TrainedModel } from './model-of-job.js';

const INSERT = `
insert into models (id, team_id, job_id, type, trainer, trigger_word, base_model, finetune_id)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (job_id) do nothing`;
const INSERT_FILES = `
insert into model_files (model_id, role, url, name, media_type, announced_size)
select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])`;
const READY = `
update model_files set state = 'ready', file_id = $3, size = $4, sha256 = $5, note = $6, last_error = null, copied_at = now()
where model_id = $1 and role = $2 and state <> 'ready'`;
const ALL_READY = `
update models set ready_at = now()
where id = $1 and ready_at is null and deleted_at is null
  and not exists (select 1 from model_files where model_id = $1 and state <> 'ready')`;

/** The rows of models while they come about. Whoever changes a file holds its model's lock. */
@Injectable()
export class ModelRows {
  constructor(
    private readonly database: Database,
    private readonly files: FilesService,
  ) {}

  /** Once per job, however often it is asked for. Returns its model as it stands, also a deleted one. */
  async open(tx: Transaction, job: { id: string; teamId: string }, trained: TrainedModel): Promise<Model> {
    const { type, trainer, triggerWord, baseModel, finetuneId, files } = trained;
    const id = uuidv7();
    const values = [id, job.teamId, job.id, type, trainer, triggerWord, baseModel, finetuneId];
    if ((await tx.execute(INSERT, values)) > 0) await tx.execute(INSERT_FILES, [id, ...columnsOf(files)]);
    return this.locked(tx, 'job_id', job.id);
  }

  async waiting(modelId: string): Promise<ModelFile[]> {
    return (await this.missing(modelId)).filter(({ state }) => state === 'waiting');
  }

  /** Of those that are to be copied or could not be. */
  missing(modelId: string): Promise<ModelFile[]> {
    const where = { modelId, state: In(['waiting', 'failed']) };
    return this.database.source.getRepository(ModelFile).find({ where, order: { role: 'ASC' } });
  }

  /** Counts a try. False when the file does not wait to be copied any more. */
  async begin({ modelId, role }: ModelFile): Promise<boolean> {
    const sql = `update model_files set attempts = attempts + 1 where model_id = $1 and role = $2 and state = 'waiting'`;
    return (await this.database.execute(sql, [modelId, role])) > 0;
  }

  /**
   * The copy is the model's from here on; what nobody needs is deleted. True when by it all files of the model are there for
   * the first time. @throws when the copy is gone: try again
   */
  async ready(tx: Transaction, { modelId, role }: ModelFile, copy: StoredFile, note: string | null): Promise<boolean> {
    const model = await this.locked(tx, 'id', modelId);
    const values = [modelId, role, copy.id, copy.size, copy.sha256, note];
    const isWanted = model.deletedAt === null && (await tx.execute(READY, values)) > 0;
    if (!isWanted) {
      await this.files.discard(tx, [copy.id]);
      return false;
    }
    if (!(await this.files.keepForGood(tx, copy.id))) throw new Error('the copy expired before it was needed');
    return this.allReady(tx, modelId);
  }

  /** True once: in the transaction that finds no file missing for the first time. */
  async allReady(tx: Transaction, modelId: string): Promise<boolean> {
    return (await tx.execute(ALL_READY, [modelId])) > 0;
  }

  async failed({ modelId, role }: ModelFile, reason: string, isFinal: boolean): Promise<void> {
    await this.database.execute(
      `update model_files set last_error = $3, state = case when $4 then 'failed' else 'waiting' end
       where model_id = $1 and role = $2 and state = 'waiting'`,
      [modelId, role, reason, isFinal],
    );
  }

  /** These files of it wait again, and what is left of our copies of them goes. */
  async waitAgain(tx: Transaction, modelId: string, files: readonly ModelFile[]): Promise<void> {
    await tx.execute('update models set copying_since = now() where id = $1', [modelId]);
    for (const { role, fileId } of files) {
      const again = await tx.execute(
        `update model_files set state = 'waiting', file_id = null, size = null, sha256 = null, note = null, last_error = null
         where model_id = $1 and role = $2 and file_id is not distinct from $3`,
        [modelId, role, fileId],
      );
      if (again > 0 && fileId !== null) await this.files.discard(tx, [fileId]);
    }
  }

  async locked(tx: Transaction, by: 'id' | 'job_id', value: string): Promise<Model> {
    const where = by === 'id' ? { id: value } : { jobId: value };
    return tx.manager.findOneOrFail(Model, { where, lock: { mode: 'pessimistic_write' } });
  }
}

const columnsOf = (files: readonly TrainedFile[]) => [
  files.map(({ role }) => role),
  files.map(({ url }) => url),
  files.map(({ name }) => name),
  files.map(({ mediaType }) => mediaType),
  files.map(({ announcedSize }) => announcedSize),
];
