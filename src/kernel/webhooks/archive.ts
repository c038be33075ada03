import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wellFormed } from '../database/json-safe.js';
import { decodeCursor, toPage } from '../http/pagination.js';
import type { Page } from '../http/pagination.js';
import { notFound } from '../http/problem.js';
import { Job } from '../jobs/job.entity.js';
import { seesAllTeams } from '../teams/caller.js';
import type { Caller } from '../teams/caller.js';
import type { DeliveriesQuery, RefusalsQuery } from './archive.dto.js';
import { DeliveryGone } from './delivery-gone.js';
import { DeliveryId } from './delivery-id.entity.js';
import { DeliveryReplay } from './delivery-replay.entity.js';
import { Delivery } from './delivery.entity.js';
import { timeOfId } from './delivery-key.js';
import { deliverySummary, deliveryView, refusalView } from './delivery.view.js';
import type { DeliverySummaryView, DeliveryView, RefusalView } from './delivery.view.js';
import { Refusal } from './refusal.entity.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Readings of the inbox. A team sees the notices of its own jobs; all others need `operate`. */
@Injectable()
export class Archive {
  constructor(
    private readonly source: DataSource,
    private readonly gone: DeliveryGone,
  ) {}

  /** Newest first. */
  async list(caller: Caller, query: DeliveriesQuery): Promise<Page<DeliverySummaryView>> {
    const find = this.source
      .getRepository(Delivery)
      .createQueryBuilder('d')
      .orderBy('d.received_at', 'DESC')
      .addOrderBy('d.id', 'DESC');
    if (!seesAllTeams(caller)) {
      find.andWhere('d.job_id in (select id from jobs where team_id = :team)', { team: caller.teamId });
    }
    if (query.cursor) {
      const [id = ''] = decodeCursor(query.cursor, [UUID]);
      find.andWhere('(d.received_at, d.id) < (:at, :id)', { at: new Date(timeOfId(id)), id });
    }
    if (query.job) find.andWhere('d.job_id = :job', { job: query.job });
    if (query.source) find.andWhere('d.source = :source', { source: wellFormed(query.source) });
    if (query.outcome === 'open') find.andWhere('d.due_at is not null');
    else if (query.outcome) find.andWhere('d.outcome = :outcome', { outcome: query.outcome });
    if (query.after) find.andWhere('d.received_at >= :after', { after: query.after });
    if (query.before) find.andWhere('d.received_at < :before', { before: query.before });
    const rows = await find.limit(query.limit + 1).getMany();
    return toPage(rows, query.limit, deliverySummary, (row) => [row.id]);
  }

  /** @throws a 404 for a delivery that is not there or not the caller's, a 410 for one that was deleted */
  async get(caller: Caller, id: string): Promise<DeliveryView> {
    if (!UUID.test(id)) throw notFound('delivery');
    const delivery = await this.source.getRepository(Delivery).findOneBy({ id, receivedAt: new Date(timeOfId(id)) });
    if (!delivery) throw await this.gone.problem(caller, id);
    if (!(await this.mayRead(caller, delivery))) throw notFound('delivery');
    const { source, deliveryId } = delivery;
    const ledger = await this.source.getRepository(DeliveryId).findOneBy({ source, deliveryId });
    const replays = await this.source
      .getRepository(DeliveryReplay)
      .find({ where: { receivedAt: delivery.receivedAt, deliveryId: id }, order: { number: 'ASC' } });
    return deliveryView(delivery, ledger ?? undefined, replays);
  }

  async refusals(query: RefusalsQuery): Promise<Page<RefusalView>> {
    const find = this.source.getRepository(Refusal).createQueryBuilder('r').orderBy('r.id', 'DESC');
    if (query.cursor) find.andWhere('r.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    if (query.reason) find.andWhere('r.reason = :reason', { reason: wellFormed(query.reason) });
    const rows = await find.limit(query.limit + 1).getMany();
    return toPage(rows, query.limit, refusalView, (row) => [row.id]);
  }

  private async mayRead(caller: Caller, delivery: Delivery): Promise<boolean> {
    if (seesAllTeams(caller)) return true;
    if (delivery.jobId === null) return false;
    return this.source.getRepository(Job).existsBy({ id: delivery.jobId, teamId: caller.teamId });
  }
}
