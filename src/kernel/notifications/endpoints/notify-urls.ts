import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.js';
import { GuardedFetch } from '../../http/guarded-fetch.js';
import { Problem, invalidField } from '../../http/problem.js';
import { WEBHOOK } from '../destination.js';

/** What is there already is kept from being tidied away until the job that names it is there. */
const FIND_OR_MAKE = `
with wanted as (select * from unnest($2::uuid[], $3::text[]) as w(id, url)),
made as (
  insert into endpoints (id, team_id, destination, url, types, unlisted)
  select id, $1, $4, url, '{*}', true from wanted
  on conflict (team_id, url) where unlisted and deleted_at is null do nothing
  returning id, url),
there as (
  select e.id, e.url from endpoints e join wanted w using (url)
  where e.team_id = $1 and e.unlisted and e.deleted_at is null for key share of e)
select id, url from made union all select id, url from there`;

/** The addresses that jobs name themselves: endpoints in no list, signed with the team's default secret. */
@Injectable()
export class NotifyUrls {
  constructor(private readonly guarded: GuardedFetch) {}

  /**
   * The endpoint of each address, in the same order; made where there is none. @throws a 400 for an address that must not
   * be called, a 422 while the team has no default secret
   */
  async endpointsOf(
    tx: Transaction,
    teamId: string,
    urls: readonly (string | null | undefined)[],
  ): Promise<(string | null)[]> {
    const given = urls.map((url) => (url == null ? null : this.spelled(url)));
    const wanted = [...new Set(given.filter((url) => url !== null))].sort();
    if (wanted.length === 0) return urls.map(() => null);
    const [secret] = await tx.query('select 1 from notify_secrets where team_id = $1', [teamId]);
    if (!secret) throw noDefaultSecret();
    const found = await this.find(tx, teamId, wanted);
    return given.map((url) => (url === null ? null : (found.get(url) ?? null)));
  }

  /** As it will be called: one spelling of each address, and nothing in it that the table refuses. */
  private spelled(url: string): string {
    const fault = this.guarded.check(url);
    if (fault !== null) throw invalidField('notifyUrl', fault);
    return new URL(url).href;
  }

  private async find(tx: Transaction, teamId: string, urls: readonly string[]): Promise<Map<string, string>> {
    const parameters = [teamId, urls.map(() => uuidv7()), urls, WEBHOOK];
    const found = new Map<string, string>();
    // A rival's row that was not committed when this statement began is there for the next one.
    for (let round = 0; round < 2 && found.size < urls.length; round++) {
      const rows = await tx.query<{ id: string; url: string }>(FIND_OR_MAKE, parameters);
      for (const { id, url } of rows) found.set(url, id);
    }
    return found;
  }
}

function noDefaultSecret(): Problem {
  return new Problem(
    422,
    'no_default_secret',
    'notifyUrl: the team has no default secret to sign with; POST /v1/endpoints/default-secret makes one and shows it once',
    { errors: [{ field: 'notifyUrl', detail: 'needs the team’s default secret' }] },
  );
}
