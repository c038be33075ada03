import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { conflict, notFound } from '../http/problem.js';
import { AuditLog } from './audit-log.js';
import { DEFAULT_OVERLAP } from './key-overlap.js';
import type { RotateRequest } from './key.dto.js';
import { endKey, lastAdminKey, lockKey, shown } from './key-rows.js';
import type { KeyRow } from './key-rows.js';
import { hashOf, newKeyText, prefixOf } from './key-text.js';
import type { NewKeyView } from './key.view.js';
import { KeysService } from './keys.service.js';

/** Who acts, and whether the last key that administers may go: on the command line there is another way in. */
export interface Actor {
  actor: string;
  mayEndLastAdmin: boolean;
}

/** Ends keys, and puts new ones in the place of old ones. */
@Injectable()
export class KeyActs {
  constructor(
    private readonly database: Database,
    private readonly keys: KeysService,
    private readonly audit: AuditLog,
  ) {}

  /** From now on it opens nothing; a second time changes nothing. @throws 404, 409 `last_admin_key` */
  async revoke(id: string, { actor, mayEndLastAdmin }: Actor): Promise<void> {
    await this.keys.get(id);
    await this.database.unitOfWork(async (tx) => {
      const locked = await lockKey(tx, id);
      if (!locked) throw notFound('key');
      if (locked.isLastAdmin && !mayEndLastAdmin) throw lastAdminKey(id);
      await endKey(tx, this.audit, id, actor);
    }, 2);
  }

  /**
   * A new key of the same team, name and scopes; the old one is good for `overlap` seconds more, and no longer than it was
   * anyway. @throws 404, 409 for a key that is over, 409 `last_admin_key`
   */
  async rotate(id: string, wish: RotateRequest, { actor, mayEndLastAdmin }: Actor): Promise<NewKeyView> {
    await this.keys.get(id);
    const overlap = wish.overlap ?? DEFAULT_OVERLAP;
    const { expiresAt } = wish;
    const key = newKeyText();
    const newId = uuidv7();
    await this.database.unitOfWork(async (tx) => {
      const locked = await lockKey(tx, id);
      if (!locked) throw notFound('key');
      const { key: old, isLastAdmin } = locked;
      if (!old.isValid) throw notValid(old);
      // Whose answer gets lost on the way has the new key nowhere.
      if (isLastAdmin && overlap === 0 && !mayEndLastAdmin) throw lastAdminKey(id);
      const made = { id: newId, key, expiresAt: expiresAt === undefined ? old.expiresAt : expiresAt };
      await insertLike(tx, old, made);
      const [ended] = await tx.query<{ expiresAt: Date }>(
        `update api_keys set expires_at = least(expires_at, now() + $2 * interval '1 second') where id = $1
         returning expires_at as "expiresAt"`,
        [id, overlap],
      );
      await this.audit.write(tx, {
        actor,
        action: 'key.rotate',
        subject: `key:${id}`,
        teamId: old.teamId,
        before: shown(old),
        after: { ...ended, successor: { id: newId, prefix: prefixOf(key), expiresAt: made.expiresAt } },
      });
    }, 2);
    return { ...(await this.keys.get(newId)), key };
  }
}

async function insertLike(
  tx: Transaction,
  { teamId, name, scopes }: KeyRow,
  made: { id: string; key: string; expiresAt: Date | null },
): Promise<void> {
  await tx.execute(
    'insert into api_keys (id, team_id, name, prefix, hash, scopes, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [made.id, teamId, name, prefixOf(made.key), hashOf(made.key), scopes, made.expiresAt],
  );
}

function notValid({ revokedAt, expiresAt }: KeyRow) {
  const when = revokedAt ? `was revoked at ${revokedAt.toISOString()}` : `expired at ${expiresAt?.toISOString()}`;
  return conflict('key_not_valid', `this key ${when}; make a new one with POST /v1/keys`);
}
