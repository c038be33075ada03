import { Injectable } from '@nestjs/common';
import { DAY, Pace } from '../../config/pace.js';
import type { Transaction } from '../../database/database.js';
import { KernelMetrics } from '../../observability/kernel-metrics.js';
import { AuditLog } from '../../teams/audit-log.js';
import { EventLog } from '../event-log.js';
import { DestinationRegistry } from '../destination-registry.js';
import { shownUrl } from './endpoint.view.js';

/** No success for this long, and at least this many tries: nobody is there any more. */
const PATIENCE = 5 * DAY;
const LEAST_TRIES = 10;

interface Disabled {
  teamId: string;
  destination: string;
  url: string;
  failures: number;
}

/** How an endpoint is doing, counted in the transaction of each try. */
@Injectable()
export class EndpointHealth {
  constructor(
    private readonly events: EventLog,
    private readonly audit: AuditLog,
    private readonly destinations: DestinationRegistry,
    private readonly metrics: KernelMetrics,
    private readonly pace: Pace,
  ) {}

  /** Written only where it says something new, since all tries of an endpoint meet in this row. */
  async succeeded(tx: Transaction, endpointId: string): Promise<void> {
    await tx.execute(
      `update endpoints set failures = 0, failing_since = null, held_until = null, succeeded_at = now()
       where id = $1 and (failures > 0 or held_until is not null
                          or coalesce(succeeded_at, '-infinity') < now() - interval '10 seconds')`,
      [endpointId],
    );
  }

  /** `holdMs`: it asked to be left alone for that long. Disables an endpoint that has failed for too long. */
  async failed(tx: Transaction, endpointId: string, holdMs: number | null): Promise<void> {
    const [row] = await tx.query<{ isLost: boolean }>(
      `update endpoints set failures = failures + 1, failing_since = coalesce(failing_since, now()),
              held_until = case when $2::float8 is null then held_until
                                else greatest(held_until, now() + $2 * interval '1 millisecond') end
       where id = $1
       returning failures >= $3 and failing_since <= now() - $4 * interval '1 millisecond' as "isLost"`,
      [endpointId, holdMs, LEAST_TRIES, this.pace.ms(PATIENCE)],
    );
    if (row?.isLost) await this.disable(tx, endpointId, 'unreachable', 'no success for five days');
  }

  /** Once: who disables it tells the team’s others. */
  async disable(tx: Transaction, endpointId: string, reason: 'unreachable' | 'gone', why: string): Promise<void> {
    const [row] = await tx.query<Disabled>(
      `update endpoints set disabled_at = now(), disabled_reason = $2, updated_at = now()
       where id = $1 and disabled_at is null and deleted_at is null
       returning team_id as "teamId", destination, url, failures`,
      [endpointId, why],
    );
    if (!row) return;
    const { teamId, destination, failures } = row;
    const url = shownUrl(this.destinations.named(destination), row.url);
    const endpoint = { id: endpointId, destination, url, failures, reason: why };
    await this.events.append(
      tx,
      { jobId: null, teamId },
      { by: 'notify' },
      { type: 'endpoint.disabled', what: endpoint, data: { endpoint }, to: { allBut: endpointId } },
    );
    await this.audit.write(tx, {
      actor: 'signalbox',
      action: 'endpoint.disable',
      subject: `endpoint:${endpointId}`,
      teamId,
      after: { disabled: true, failures },
      reason: why,
    });
    tx.afterCommit(() => this.metrics.endpointsDisabled.inc({ reason }));
  }
}
