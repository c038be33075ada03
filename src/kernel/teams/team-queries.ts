import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { wellFormed } from '../database/json-safe.js';
import { UUID } from '../database/uuid.js';
import { decodeCursor, toPage } from '../http/pagination.js';
import type { Page, PageQuery } from '../http/pagination.js';
import { Problem, notFound } from '../http/problem.js';
import { VALID_KEY } from './key-rows.js';
import { LIMIT_COLUMNS } from './limits.js';
import type { Limits } from './limits.js';
import type { TeamDetailView, TeamView } from './team.view.js';
import { usedBy } from './usage.js';

type Row = Omit<TeamView, 'limits'> & Limits;

const TEAMS = `
  select t.id, t.name, t.created_at as "createdAt", ${LIMIT_COLUMNS},
         (select count(*)::int from api_keys k where k.team_id = t.id and ${VALID_KEY}) as keys
  from teams t left join team_limits l on l.team_id = t.id`;
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Readings of teams, for those who run the service. */
@Injectable()
export class TeamQueries {
  constructor(private readonly database: Database) {}

  /** By name. */
  async page(query: PageQuery): Promise<Page<TeamView>> {
    const [after = null] = query.cursor ? decodeCursor(query.cursor, [NAME]) : [];
    const sql = `${TEAMS} where $1::text is null or t.name > $1 order by t.name limit $2`;
    const rows = await this.database.query<Row>(sql, [after, query.limit + 1]);
    return toPage(rows, query.limit, teamView, (row) => [row.name]);
  }

  /** With what it uses of its limits now. @throws a 404 */
  async get(id: string): Promise<TeamDetailView> {
    if (!UUID.test(id)) throw notFound('team');
    const [row] = await this.database.query<Row>(`${TEAMS} where t.id = $1`, [id]);
    if (!row) throw notFound('team');
    const team = teamView(row);
    return { ...team, used: await usedBy(this.database, team.id, team.limits) };
  }

  /** The id of the team with this name or id. @throws a 404 that names the way to make one */
  async idOf(nameOrId: string): Promise<string> {
    const sql = 'select id from teams where name = $1 or id::text = lower($1) order by name = $1 desc limit 1';
    const [team] = await this.database.query<{ id: string }>(sql, [wellFormed(nameOrId)]);
    if (team) return team.id;
    const way = NAME.test(nameOrId) ? `; signalbox teams create ${nameOrId} or POST /v1/teams makes one` : '';
    throw new Problem(404, 'team_not_found', `there is no team "${nameOrId}"${way}`);
  }
}

function teamView({ openJobs, jobsPerDay, uploadBytes, monthlyBudget, ...row }: Row): TeamView {
  const { id, name, createdAt, keys } = row;
  return { id, name, createdAt, keys, limits: { openJobs, jobsPerDay, uploadBytes, monthlyBudget } };
}
