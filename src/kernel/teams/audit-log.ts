import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.js';
import { jsonb, wellFormed } from '../database/json-safe.js';
import type { Caller } from './caller.js';

export interface Act {
  actor: string;
  action: string;
  subject: string;
  teamId?: string | null;
  before?: unknown;
  after?: unknown;
  reason?: string;
}

/** How the log names who called. */
export const actorOf = (caller: Pick<Caller, 'keyId'>): string => `key:${caller.keyId}`;

/** Who did what, written in the transaction of the act itself. Callers leave secrets out. */
@Injectable()
export class AuditLog {
  async write(tx: Transaction, act: Act): Promise<void> {
    await tx.execute(
      `insert into audit_log (id, actor, team_id, action, subject, before, after, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        uuidv7(),
        act.actor,
        act.teamId ?? null,
        act.action,
        act.subject,
        jsonb(act.before),
        jsonb(act.after),
        act.reason === undefined ? null : wellFormed(act.reason),
      ],
    );
  }
}
