import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';
import { notFound } from '../../http/problem.js';
import { Endpoint } from './endpoint.entity.js';

/** What one act settles or rings for at once: more would outlast the transaction. The sweep sees to the rest. */
const AT_ONCE = 20_000;

const SOME_WAITING = `
id in (select id from notifications where endpoint_id = $1 and due_at is not null order by due_at limit ${AT_ONCE})
and state = 'waiting'`;

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

  /** Everything that waited for it is due. */
  async wake(tx: Transaction, id: string): Promise<void> {
    await tx.execute(`update notifications set due_at = now() where ${SOME_WAITING}`, [id]);
  }

  /** Gone for everybody but its history. Returns false where it was deleted already. */
  async remove(tx: Transaction, id: string): Promise<boolean> {
    const sql = `update endpoints set deleted_at = now(), updated_at = now(), secrets = '[]' where id = $1 and deleted_at is null`;
    if ((await tx.execute(sql, [id])) === 0) return false;
    await tx.execute(
      `update notifications set state = 'dropped', due_at = null, settled_at = now(), last_error = 'its endpoint was deleted'
       where ${SOME_WAITING}`,
      [id],
    );
    return true;
  }
}
