import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';
import { notFound } from '../../http/problem.js';
import { Endpoint } from './endpoint.entity.js';

/** What one act moves of the waiting ones: more would outlast the transaction. */
const AT_ONCE = 20_000;

/** An endpoint's row under change, and what waits for it. */
@Injectable()
export class EndpointRows {
  /** As it is now, and nobody else's to change until the transaction ends. @throws a 404 when it was deleted meanwhile */
  async lock(tx: Transaction, id: string): Promise<Endpoint> {
    const lock = { mode: 'for_no_key_update' } as const;
    const found = await tx.manager.getRepository(Endpoint).findOne({ where: { id }, lock });
    if (!found || found.deletedAt !== null) throw notFound('endpoint');
    return found;
  }

  /** What waits for it is due now, not at its next try; of more than can be moved at once the rest keeps its time. */
  async wake(tx: Transaction, id: string): Promise<void> {
    await tx.execute(`update notifications set due_at = now() where ${someOf('due_at > now()')}`, [id]);
  }

  /** Gone for everybody but its history; what waits for it is dropped, a great many by the sweep. Returns false where it was deleted already. */
  async remove(tx: Transaction, id: string): Promise<boolean> {
    const sql = `update endpoints set deleted_at = now(), updated_at = now(), secrets = '[]' where id = $1 and deleted_at is null`;
    if ((await tx.execute(sql, [id])) === 0) return false;
    await tx.execute(
      `update notifications set state = 'dropped', due_at = null, settled_at = now(), last_error = 'its endpoint was deleted'
       where ${someOf('due_at is not null')}`,
      [id],
    );
    return true;
  }
}

const someOf = (which: string): string =>
  `state = 'waiting' and id in (select id from notifications where endpoint_id = $1 and ${which} limit ${AT_ONCE})`;
