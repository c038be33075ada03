import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Problem, notFound } from '../http/problem.js';
import { seesAllTeams } from '../teams/caller.js';
import type { Caller } from '../teams/caller.js';
import { timeOfId } from './delivery-key.js';
import { Partitions } from './partitions.js';

/** Tells deliveries whose days were dropped from those that never were. */
@Injectable()
export class DeliveryGone {
  constructor(
    private readonly partitions: Partitions,
    private readonly database: Database,
  ) {}

  /** What a caller is told about an id without a row: for whoever sees all teams a 410 if it is gone; else a 404. */
  async problem(caller: Caller, id: string): Promise<Problem> {
    if (!seesAllTeams(caller) || !(await this.isGone(id))) return notFound('delivery');
    return new Problem(410, 'delivery_gone', 'its bytes were deleted with the day that it came on');
  }

  /** A day without a place, or one that was made anew: then the ledger knows better. */
  private async isGone(id: string): Promise<boolean> {
    const time = timeOfId(id);
    if (time > Date.now()) return false;
    if (!(await this.partitions.has(time))) return true;
    const known = 'select 1 from delivery_ids where received_at = $1 and inbox_id = $2';
    return (await this.database.query(known, [new Date(time), id])).length > 0;
  }
}
