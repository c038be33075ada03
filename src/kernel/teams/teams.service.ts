import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import { Problem, invalidField } from '../http/problem.js';
import { AuditLog } from './audit-log.js';
import { VALID_KEY } from './key-rows.js';

/** A team as lists on the command line show it. */
export interface ListedTeam {
  id: string;
  name: string;
  createdAt: Date;
  /** Keys that are neither revoked nor expired. */
  keys: number;
}

const NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$|^[a-z]$/;
/** What lists take for every team at once (`?team=all`). */
const RESERVED = 'all';

/** @throws a 400 that says what a name may be */
export function checkTeamName(name: string): void {
  if (!NAME.test(name)) {
    throw invalidField('name', 'must be 1 to 40 lower-case letters, digits and hyphens, and begin with a letter');
  }
  if (name === RESERVED) throw invalidField('name', '"all" means every team in lists; choose another');
}

@Injectable()
export class TeamsService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** @throws a 400 for what is no name, a 409 when there is such a team */
  async create(name: string, actor: string): Promise<ListedTeam> {
    checkTeamName(name);
    const id = uuidv7();
    await this.database.unitOfWork(async (tx) => {
      const made = await tx.execute('insert into teams (id, name) values ($1, $2) on conflict (name) do nothing', [
        id,
        name,
      ]);
      if (made === 0) throw new Problem(409, 'team_exists', `there is a team "${name}" already`);
      await this.audit.write(tx, { actor, action: 'team.create', subject: `team:${id}`, teamId: id, after: { name } });
    });
    const team = (await this.list()).find((candidate) => candidate.id === id);
    if (!team) throw new Error('the team vanished while it was made');
    return team;
  }

  list(): Promise<ListedTeam[]> {
    return this.database.query<ListedTeam>(
      `select t.id, t.name, t.created_at as "createdAt", count(k.id)::int as keys
       from teams t left join api_keys k on k.team_id = t.id and ${VALID_KEY}
       group by t.id order by t.created_at, t.name`,
    );
  }
}
