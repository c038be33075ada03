import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';
import { AuditLog, actorOf } from '../../teams/audit-log.js';
import type { Caller } from '../../teams/caller.js';
import { DestinationRegistry } from '../destination-registry.js';
import type { Endpoint } from './endpoint.entity.js';
import { shownUrl } from './endpoint.view.js';

type Said = Partial<Pick<Endpoint, 'destination' | 'url' | 'types' | 'kinds' | 'labels' | 'description'>>;

/** Who did what to an endpoint, without its secrets and with its address as it may be shown. */
@Injectable()
export class EndpointAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly destinations: DestinationRegistry,
  ) {}

  async write(
    tx: Transaction,
    caller: Caller,
    endpoint: Pick<Endpoint, 'id' | 'teamId' | 'destination'>,
    act: { action: string; before?: Said | object; after?: Said | object },
  ): Promise<void> {
    await this.audit.write(tx, {
      actor: actorOf(caller),
      teamId: endpoint.teamId,
      action: `endpoint.${act.action}`,
      subject: `endpoint:${endpoint.id}`,
      before: act.before && this.shown(endpoint.destination, act.before),
      after: act.after && this.shown(endpoint.destination, act.after),
    });
  }

  private shown(destination: string, said: Said): Said {
    if (said.url === undefined) return said;
    return { ...said, url: shownUrl(this.destinations.named(destination), said.url) };
  }
}
