import { Injectable } from '@nestjs/common';
import { MasterKey } from '../../config/master-key.js';
import { Pace } from '../../config/pace.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/database.js';
import { Problem, conflict, invalidField } from '../../http/problem.js';
import { Doorbell } from '../../queue/doorbell.js';
import { AuditLog, actorOf } from '../../teams/audit-log.js';
import type { Caller } from '../../teams/caller.js';
import { PlanTokens } from '../../teams/plan-tokens.js';
import { EndpointQueries } from '../endpoints/endpoint-queries.js';
import type { Endpoint } from '../endpoints/endpoint.entity.js';
import { SEND_QUEUE } from '../notification-plan.js';
import { LANES } from './endpoint-lanes.js';
import { NotificationQueries } from './notification-queries.js';
import type { NotificationView } from './notification.view.js';
import type { RedeliverRequest, RedeliveryPlanView, RedeliveryRunView, SettledState } from './redelivery.dto.js';

interface Filter {
  endpoint: string;
  since: string;
  until: string;
  status: SettledState[];
}

const USUAL: SettledState[] = ['failed', 'dropped'];

/** A new round of tries, under the same id. What is waiting already is left as it is. */
const AGAIN = `
update notifications set state = 'waiting', due_at = now(), round_start = attempt, settled_at = null
where state <> 'waiting' and exists (select 1 from events where seq = event_seq) and `;

const OF_THE_PLAN = `endpoint_id = $1 and created_at >= $2 and created_at < $3 and state = any($4)`;

/** Sends again what was settled: one notification, or all of an endpoint since a time. */
@Injectable()
export class Redelivery {
  private readonly plans: PlanTokens<Filter>;

  constructor(
    private readonly queries: NotificationQueries,
    private readonly endpoints: EndpointQueries,
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly audit: AuditLog,
    masterKey: MasterKey,
    pace: Pace,
  ) {
    this.plans = new PlanTokens(masterKey, pace, 'redelivery-plan');
  }

  /** @throws a 409 while it is waiting anyway, or where nobody takes it; a 410 when its event is no longer kept */
  async one(caller: Caller, id: string): Promise<NotificationView> {
    const row = await this.queries.find(caller, id);
    checkTakes(await this.endpoints.find(caller, row.endpointId));
    if (row.state === 'waiting') throw conflict('notification_waiting', 'it is on its way already');
    const made = await this.database.unitOfWork(async (tx) => {
      const again = await tx.execute(`${AGAIN} id = $1`, [row.id]);
      if (again > 0)
        await this.tell(tx, caller, row.teamId, `notification:${row.id}`, { before: { status: row.state } });
      tx.afterCommit(() => this.doorbell.ring(SEND_QUEUE, row.id));
      return again;
    });
    if (made === 0) throw new Problem(410, 'event_gone', 'what it told of is no longer kept; read the job instead');
    return this.queries.get(caller, id);
  }

  /** Nothing is sent by a plan. @throws a 400 without a time */
  async plan(caller: Caller, id: string, wish: RedeliverRequest): Promise<RedeliveryPlanView> {
    const endpoint = await this.endpoints.find(caller, id);
    checkTakes(endpoint);
    if (!wish.since) throw invalidField('since', 'is needed: from when on the notifications were made');
    const until = wish.until ?? new Date();
    if (until <= wish.since) throw invalidField('until', 'must be later than since');
    const filter = {
      endpoint: endpoint.id,
      since: wish.since.toISOString(),
      until: until.toISOString(),
      status: wish.status ?? USUAL,
    };
    const [seen] = await this.database.query<{ count: number; oldest: Date | null; newest: Date | null }>(
      `select count(*)::int as count, min(created_at) as oldest, max(created_at) as newest from notifications
       where ${OF_THE_PLAN}`,
      valuesOf(filter),
    );
    const { count = 0, oldest, newest } = seen ?? {};
    const times = { oldest: oldest?.toISOString() ?? null, newest: newest?.toISOString() ?? null };
    return { plan: this.plans.seal(filter, caller.keyId), count, ...times };
  }

  /** A second run of a plan sends again only what was settled again since. @throws what `PlanTokens` throws */
  async run(caller: Caller, id: string, token: string): Promise<RedeliveryRunView> {
    const endpoint = await this.endpoints.find(caller, id);
    const filter = this.plans.open(token, caller.keyId);
    if (filter.endpoint !== endpoint.id) throw invalidField('plan', 'was made for another endpoint');
    checkTakes(endpoint);
    const { status, since, until } = filter;
    const redelivered = await this.database.unitOfWork(async (tx) => {
      const made = await tx.query<{ id: string }>(`${AGAIN} ${OF_THE_PLAN} returning id`, valuesOf(filter));
      const after = { redelivered: made.length, since, until, status };
      await this.tell(tx, caller, endpoint.teamId, `endpoint:${endpoint.id}`, { after });
      tx.afterCommit(() => {
        for (const row of made.slice(0, LANES)) this.doorbell.ring(SEND_QUEUE, row.id);
      });
      return made.length;
    });
    return { redelivered };
  }

  private tell(tx: Transaction, caller: Caller, teamId: string, subject: string, what: object): Promise<void> {
    return this.audit.write(tx, {
      actor: actorOf(caller),
      action: 'notification.redeliver',
      subject,
      teamId,
      ...what,
    });
  }
}

function valuesOf({ endpoint, since, until, status }: Filter): unknown[] {
  return [endpoint, since, until, status];
}

function checkTakes(endpoint: Endpoint): void {
  if (endpoint.deletedAt) throw conflict('endpoint_deleted', 'its endpoint was deleted');
  if (endpoint.disabledAt) throw conflict('endpoint_disabled', 'its endpoint is disabled; enable it first');
}
