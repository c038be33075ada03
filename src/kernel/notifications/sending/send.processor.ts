import { Injectable } from '@nestjs/common';
import { CannotOpen } from '../../config/aead.js';
import { crashPoint } from '../../config/crash-point.js';
import { Pace, SECOND } from '../../config/pace.js';
import { Database } from '../../database/database.js';
import { wellFormed } from '../../database/json-safe.js';
import { KernelMetrics } from '../../observability/kernel-metrics.js';
import { Observer } from '../../observability/observer.js';
import type { Seen } from '../../observability/observer.js';
import { Doorbell } from '../../queue/doorbell.js';
import { EndpointHealth } from '../endpoints/endpoint-health.js';
import { SEND_QUEUE } from '../notification-plan.js';
import type { SendResult } from '../destination.js';
import { EndpointLanes, LANES } from './endpoint-lanes.js';
import { NotificationRows } from './notification-rows.js';
import type { TakenNotification, TriedNotification } from './notification-rows.js';
import { nextTryIn } from './retry-schedule.js';
import { CannotSend, Sender } from './sender.js';

/** Of all endpoints together; each has a few lanes of its own. */
const CONCURRENCY = 64;
export const SEND_TIMEOUT = 15 * SECOND;
const LEASE = SEND_TIMEOUT + 30 * SECOND;
/** After this long in one lane the next bell takes over, so that others have their turn and a stop is short. */
const TURN = 5 * SECOND;
const MAX_REASON = 500;

/** Sends notifications: each to its endpoint once at a time, and never so many that one endpoint delays another. */
@Injectable()
export class SendProcessor {
  private readonly lanes = new EndpointLanes();

  constructor(
    private readonly rows: NotificationRows,
    private readonly sender: Sender,
    private readonly health: EndpointHealth,
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly pace: Pace,
    private readonly observer: Observer,
    private readonly metrics: KernelMetrics,
  ) {}

  start(): void {
    this.doorbell.answer(SEND_QUEUE, (id) => this.answer(id), { concurrency: CONCURRENCY });
  }

  /** The one that was rung for, and then whatever else is due for the same endpoint. */
  private async answer(id: string | null): Promise<void> {
    const to = id === null ? null : await this.rows.addressee(id);
    if (id === null || to === null) return;
    const { endpointId, failures } = to;
    if (!this.lanes.enter(endpointId, failures > 0 ? 1 : LANES)) return;
    const more = await this.inLane(endpointId, id);
    if (more !== null) this.doorbell.ring(SEND_QUEUE, more);
  }

  /** Sends until nothing of this endpoint is due, or the turn is over: then it says who is next. */
  private async inLane(endpointId: string, first: string): Promise<string | null> {
    const lease = this.pace.patience(LEASE);
    const turnEnds = performance.now() + TURN;
    let inside = true;
    try {
      let next = await this.rows.take(first, lease);
      while (inside) {
        if (next) await this.send(next);
        if (performance.now() > turnEnds) return await this.rows.nextDue(endpointId);
        next = await this.rows.takeNext(endpointId, lease);
        if (!next) inside = !this.lanes.leave(endpointId, true);
      }
      return null;
    } finally {
      if (inside) this.lanes.leave(endpointId, false);
    }
  }

  private async send(taken: TakenNotification): Promise<void> {
    const { id, endpointId, attempt, jobId } = taken;
    const ids = { notificationId: id, endpointId, attempt, ...(jobId === null ? {} : { jobId }) };
    await this.observer.observe({ unit: 'send', provider: taken.destination, ids }, () => this.try(taken));
  }

  private async try(taken: TakenNotification): Promise<Seen> {
    if (!taken.event) {
      await this.rows.dropped(taken.id, 'its event is no longer kept');
      return { outcome: 'dropped' };
    }
    crashPoint('notification.taken');
    const start = performance.now();
    const result = await this.sender
      .send(taken, taken.event, this.pace.patience(SEND_TIMEOUT))
      .catch((error: unknown) => failedBy(error));
    crashPoint('notification.sent');
    const tried = { ...result, latencyMs: performance.now() - start };
    const { destination } = taken;
    this.metrics.notificationAttempts.observe({ destination, outcome: result.outcome }, tried.latencyMs / 1_000);
    const seen = await (result.outcome === 'delivered'
      ? this.delivered(taken, tried)
      : this.missed(taken, result, tried));
    crashPoint('notification.committed');
    return seen;
  }

  private async delivered(taken: TakenNotification, tried: TriedNotification): Promise<Seen> {
    const { destination, endpointId, event } = taken;
    await this.database.unitOfWork(async (tx) => {
      await this.rows.record(tx, taken, tried, null);
      const made = await this.rows.delivered(tx, taken, tried);
      await this.health.succeeded(tx, endpointId);
      if (!made) return;
      tx.afterCommit(() => {
        this.metrics.notificationsSettled.inc({ destination, state: 'delivered' });
        const seconds = (Date.now() - Date.parse(event?.at ?? '')) / 1_000;
        if (seconds >= 0) this.metrics.notificationDelay.observe({ destination }, seconds);
      });
    }, 2);
    return { outcome: 'delivered', status: tried.status };
  }

  private async missed(taken: TakenNotification, result: SendResult, tried: TriedNotification): Promise<Seen> {
    const { destination, endpointId, id } = taken;
    const wait = nextTryIn(taken.tries, result.retryAfterMs);
    const nextIn = wait === null ? null : this.pace.ms(wait);
    const hold = result.retryAfterMs === undefined ? null : this.pace.ms(Math.min(result.retryAfterMs, wait ?? 0));
    const moved = await this.database.unitOfWork(async (tx) => {
      await this.rows.record(tx, taken, tried, nextIn);
      const made = await this.rows.missed(tx, taken, tried, nextIn);
      if (result.outcome === 'gone')
        await this.health.disable(tx, endpointId, 'gone', result.error ?? 'it wants no more');
      else if (!result.isOurFault) await this.health.failed(tx, endpointId, hold);
      return made;
    }, 2);
    if (moved && nextIn === null) this.metrics.notificationsSettled.inc({ destination, state: 'failed' });
    if (moved && nextIn !== null) this.doorbell.ringLater(SEND_QUEUE, id, nextIn + 1);
    return { outcome: nextIn === null ? 'gave_up' : 'later', status: tried.status, reason: tried.error };
  }
}

function failedBy(error: unknown): SendResult {
  const reason = wellFormed((error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON));
  const isOurFault = error instanceof CannotSend || error instanceof CannotOpen;
  return { outcome: 'failed', status: null, answer: null, error: reason, isOurFault };
}
