import { Injectable } from '@nestjs/common';
import { KernelMetrics } from '../../observability/kernel-metrics.js';
import { Doorbell } from '../../queue/doorbell.js';
import type { Sweeper } from '../../queue/sweep.js';
import { SEND_QUEUE } from '../notification-plan.js';
import { LANES } from './endpoint-lanes.js';
import { NotificationRows } from './notification-rows.js';

const MAX_ROWS = 500;

/** Rings for notifications that are due and were not sent. */
@Injectable()
export class NotificationsSweeper implements Sweeper {
  readonly name = 'notifications';

  constructor(
    private readonly rows: NotificationRows,
    private readonly doorbell: Doorbell,
    private readonly metrics: KernelMetrics,
  ) {}

  async sweep(): Promise<number> {
    const due = await this.rows.due(LANES, MAX_ROWS);
    this.metrics.queueDue.set({ queue: SEND_QUEUE }, due.length);
    this.metrics.queueOldest.set({ queue: SEND_QUEUE }, due[0]?.age ?? 0);
    for (const { id } of due) this.doorbell.ring(SEND_QUEUE, id);
    return due.length;
  }
}
