import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { wellFormed } from '../database/json-safe.js';
import { UUID } from '../database/uuid.js';
import { decodeCursor, toPage } from '../http/pagination.js';
import type { Page } from '../http/pagination.js';
import type { AuditQuery, AuditView } from './audit.dto.js';
import { TeamQueries } from './team-queries.js';

/** Nothing changes or deletes an entry. */
@Injectable()
export class AuditQueries {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamQueries,
  ) {}

  /** Newest first, by id: ids are uuid v7 and sort by time. @throws a 404 for a team that is not there */
  async page(query: AuditQuery): Promise<Page<AuditView>> {
    const { actor, action, subject, team, after, before } = query;
    const [older = null] = query.cursor ? decodeCursor(query.cursor, [UUID]) : [];
    const rows = await this.database.query<AuditView>(
      `select a.id, a.at, a.actor, a.action, a.subject, t.name as team, a.before, a.after, a.reason
       from audit_log a left join teams t on t.id = a.team_id
       where ($1::uuid is null or a.id < $1) and ($2::text is null or a.actor = $2)
         and ($3::text is null or a.action = $3) and ($4::text is null or a.subject = $4)
         and ($5::uuid is null or a.team_id = $5)
         and ($6::timestamptz is null or a.at >= $6) and ($7::timestamptz is null or a.at < $7)
       order by a.id desc limit $8`,
      [
        older,
        ...[actor, action, subject].map((text) => (text === undefined ? null : wellFormed(text))),
        team === undefined ? null : await this.teams.idOf(team),
        after ?? null,
        before ?? null,
        query.limit + 1,
      ],
    );
    return toPage(
      rows,
      query.limit,
      (row) => row,
      (row) => [row.id],
    );
  }
}
