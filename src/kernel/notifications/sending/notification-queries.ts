import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UUID } from '../../database/uuid.js';
import { decodeCursor, toPage } from '../../http/pagination.js';
import type { Page } from '../../http/pagination.js';
import { notFound } from '../../http/problem.js';
import { sees, seesAllTeams } from '../../teams/caller.js';
import type { Caller } from '../../teams/caller.js';
import { EndpointQueries } from '../endpoints/endpoint-queries.js';
import { NotificationAttempt } from './notification-attempt.entity.js';
import { Notification } from './notification.entity.js';
import { attemptView, notificationView } from './notification.view.js';
import type { NotificationView } from './notification.view.js';
import type { NotificationsQuery } from './notifications.dto.js';

/** Readings of notifications, through the caller's eyes: another team's are not there. */
@Injectable()
export class NotificationQueries {
  constructor(
    private readonly source: DataSource,
    private readonly endpoints: EndpointQueries,
  ) {}

  /** Newest first. @throws a 404 for an endpoint that is not there, or not the caller's; deleted ones are still read */
  async list(caller: Caller, query: NotificationsQuery): Promise<Page<NotificationView>> {
    if (query.endpoint) await this.endpoints.find(caller, query.endpoint);
    const find = this.source.getRepository(Notification).createQueryBuilder('n').orderBy('n.id', 'DESC');
    if (!seesAllTeams(caller)) find.andWhere('n.team_id = :team', { team: caller.teamId });
    if (query.cursor) find.andWhere('n.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    if (query.endpoint) find.andWhere('n.endpoint_id = :endpoint', { endpoint: query.endpoint });
    if (query.status) find.andWhere('n.state = :state', { state: query.status });
    if (query.job) find.andWhere('n.job_id = :job', { job: query.job });
    if (query.createdAfter) find.andWhere('n.created_at >= :after', { after: query.createdAfter });
    if (query.createdBefore) find.andWhere('n.created_at < :until', { until: query.createdBefore });
    const rows = await find.limit(query.limit + 1).getMany();
    return toPage(rows, query.limit, notificationView, (row) => [row.id]);
  }

  async get(caller: Caller, id: string): Promise<NotificationView> {
    const row = await this.find(caller, id);
    const tries = await this.source.getRepository(NotificationAttempt).find({
      where: { notificationId: row.id },
      order: { number: 'ASC' },
    });
    return { ...notificationView(row), tries: tries.map(attemptView) };
  }

  /** @throws a 404 for one that is not there or not the caller's */
  async find(caller: Caller, id: string): Promise<Notification> {
    const row = UUID.test(id) ? await this.source.getRepository(Notification).findOneBy({ id }) : null;
    if (!row || !sees(caller, row.teamId)) throw notFound('notification');
    return row;
  }
}
