import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database } from '../../database/database.js';
import { UUID } from '../../database/uuid.js';
import { decodeCursor, toPage } from '../../http/pagination.js';
import type { Page } from '../../http/pagination.js';
import { notFound } from '../../http/problem.js';
import { sees, seesAllTeams } from '../../teams/caller.js';
import type { Caller } from '../../teams/caller.js';
import { countsOf } from './batch-progress.js';
import type { BatchesQuery } from './batch.dto.js';
import { Batch } from './batch.entity.js';
import { batchListView, batchView } from './batch.view.js';
import type { BatchView } from './batch.view.js';

/** Readings of batches, always through the caller's eyes: another team's row is not there. */
@Injectable()
export class BatchQueries {
  constructor(private readonly database: Database) {}

  /** @throws a 404 for a batch that is not there or not the caller's */
  async get(caller: Caller, id: string): Promise<Batch> {
    if (!isUUID(id)) throw notFound('batch');
    const batch = await this.database.source.getRepository(Batch).findOneBy({ id });
    if (!batch || !sees(caller, batch.teamId)) throw notFound('batch');
    return batch;
  }

  async view(caller: Caller, id: string): Promise<BatchView> {
    const batch = await this.get(caller, id);
    return batchView(batch, await countsOf(this.database, batch.id));
  }

  /** Newest first, by id: ids are uuid v7 and sort by time. */
  async list(caller: Caller, query: BatchesQuery): Promise<Page<BatchView>> {
    const find = this.database.source.getRepository(Batch).createQueryBuilder('batch').orderBy('batch.id', 'DESC');
    if (!seesAllTeams(caller) || query.team !== 'all') find.andWhere('batch.team_id = :team', { team: caller.teamId });
    if (query.cursor) find.andWhere('batch.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    const rows = await find.limit(query.limit + 1).getMany();
    return toPage(rows, query.limit, batchListView, (batch) => [batch.id]);
  }
}
