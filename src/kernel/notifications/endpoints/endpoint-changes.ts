import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/database.js';
import { jsonSafe, wellFormed } from '../../database/json-safe.js';
import { conflict } from '../../http/problem.js';
import type { Caller } from '../../teams/caller.js';
import { EndpointAudit } from './endpoint-audit.js';
import { EndpointPlaces } from './endpoint-places.js';
import { EndpointQueries } from './endpoint-queries.js';
import { EndpointRows } from './endpoint-rows.js';
import { EndpointRules } from './endpoint-rules.js';
import type { EndpointChange } from './endpoint.dto.js';
import { Endpoint } from './endpoint.entity.js';
import type { EndpointView } from './endpoint.view.js';

const FIELDS = ['url', 'types', 'kinds', 'labels', 'description'] as const;
type Fields = Partial<Pick<Endpoint, (typeof FIELDS)[number]>>;

/** What a person changes of an endpoint. */
@Injectable()
export class EndpointChanges {
  constructor(
    private readonly database: Database,
    private readonly rules: EndpointRules,
    private readonly places: EndpointPlaces,
    private readonly rows: EndpointRows,
    private readonly audit: EndpointAudit,
    private readonly queries: EndpointQueries,
  ) {}

  /** @throws a 400 for what makes no sense, a 404, a 409 for an address twice and for an unlisted endpoint */
  async change(caller: Caller, id: string, change: EndpointChange): Promise<EndpointView> {
    const found = await this.queries.get(caller, id);
    const wanted = fieldsOf(change);
    if (Object.keys(wanted).length > 0) {
      if (found.unlisted)
        throw conflict('endpoint_unlisted', 'it was made for the notifyUrl of jobs; only `disabled` can be changed');
      this.rules.check(wanted, wanted.url === undefined ? null : this.rules.destination(found.destination));
    }
    await this.database.unitOfWork(async (tx) => {
      if (wanted.url !== undefined) await this.places.move(tx, found, wanted.url);
      const endpoint = await this.rows.lock(tx, found.id);
      await this.rewrite(tx, caller, endpoint, wanted);
      if (change.disabled === true && endpoint.disabledAt === null) await this.disable(tx, caller, endpoint);
      if (change.disabled === false && endpoint.disabledAt !== null) await this.enable(tx, caller, endpoint);
    });
    return this.queries.view(caller, id);
  }

  private async rewrite(tx: Transaction, caller: Caller, endpoint: Endpoint, wanted: Fields): Promise<void> {
    const before: Record<string, unknown> = {};
    const after: Record<string, unknown> = {};
    for (const field of FIELDS) {
      if (wanted[field] === undefined || isDeepStrictEqual(wanted[field], endpoint[field])) continue;
      before[field] = endpoint[field];
      after[field] = wanted[field];
    }
    if (Object.keys(after).length === 0) return;
    await tx.manager.update(Endpoint, { id: endpoint.id }, { ...after, updatedAt: () => 'now()' });
    await this.audit.write(tx, caller, endpoint, { action: 'update', before, after });
  }

  private async disable(tx: Transaction, caller: Caller, { id, ...endpoint }: Endpoint): Promise<void> {
    const disabledReason = 'by hand';
    const sql = `update endpoints set disabled_at = now(), disabled_reason = $2, updated_at = now() where id = $1`;
    await tx.execute(sql, [id, disabledReason]);
    await this.audit.write(tx, caller, { id, ...endpoint }, { action: 'disable', after: { disabledReason } });
  }

  private async enable(tx: Transaction, caller: Caller, endpoint: Endpoint): Promise<void> {
    await tx.execute(
      `update endpoints set disabled_at = null, disabled_reason = null, failures = 0, failing_since = null,
              held_until = null, updated_at = now()
       where id = $1`,
      [endpoint.id],
    );
    await this.rows.wake(tx, endpoint.id);
    const { disabledAt, disabledReason, failures } = endpoint;
    await this.audit.write(tx, caller, endpoint, {
      action: 'enable',
      before: { disabledAt, disabledReason, failures },
    });
  }
}

/** What is to be written; null means as little as nothing. */
function fieldsOf({ url, types, kinds, labels, description }: EndpointChange): Fields {
  return {
    ...(url == null ? {} : { url }),
    ...(types == null ? {} : { types: [...new Set(types)] }),
    ...(kinds == null ? {} : { kinds: [...new Set(kinds)] }),
    ...(labels == null ? {} : { labels: jsonSafe(labels) as Fields['labels'] }),
    ...(description == null ? {} : { description: wellFormed(description) }),
  };
}
