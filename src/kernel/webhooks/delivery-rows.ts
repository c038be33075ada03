import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import type { Delivery, Outcome } from './delivery.entity.js';
import { timeOfId } from './delivery-key.js';

/** A delivery in hand. */
export type TakenDelivery = Pick<
  Delivery,
  | 'id'
  | 'receivedAt'
  | 'source'
  | 'provider'
  | 'refs'
  | 'callbackJob'
  | 'headers'
  | 'body'
  | 'address'
  | 'jobId'
  | 'attempt'
>;

/** What a delivery is closed with. */
export interface Closing {
  outcome: Outcome;
  detail: string | null;
  jobId: string | null;
}

/** Another attempt closed the delivery first. */
export class Overtaken extends Error {}

const TAKE = `
update deliveries set due_at = now() + $3 * interval '1 millisecond', attempt = attempt + 1
where id = $1 and received_at = $2 and outcome is null and due_at <= now()
returning id, received_at as "receivedAt", source, provider, refs, callback_job as "callbackJob", headers, body, address,
          job_id as "jobId", attempt`;

/** The rows of deliveries as they are worked on: each move is one UPDATE that names what it accepts. */
@Injectable()
export class DeliveryRows {
  constructor(private readonly database: Database) {}

  /** Null when it is not due (any more). */
  async take(id: string, leaseMs: number): Promise<TakenDelivery | null> {
    const [row] = await this.database.query<TakenDelivery>(TAKE, [id, new Date(timeOfId(id)), leaseMs]);
    return row ?? null;
  }

  /** Until the end of the transaction nobody else closes it. @throws {Overtaken} */
  async claim(tx: Transaction, delivery: TakenDelivery): Promise<void> {
    const [open] = await tx.query(
      'select 1 from deliveries where id = $1 and received_at = $2 and outcome is null and attempt = $3 for update',
      [delivery.id, delivery.receivedAt, delivery.attempt],
    );
    if (!open) throw new Overtaken();
  }

  /** One that is claimed. */
  async write(tx: Transaction, delivery: TakenDelivery, { outcome, detail, jobId }: Closing): Promise<void> {
    await tx.execute(
      `update deliveries set outcome = $3, detail = $4, job_id = $5, due_at = null, closed_at = now() where id = $1 and received_at = $2`,
      [delivery.id, delivery.receivedAt, outcome, detail, jobId],
    );
  }

  /** In a transaction of its own. @throws {Overtaken} */
  async close(delivery: TakenDelivery, closing: Closing): Promise<void> {
    await this.database.unitOfWork(async (tx) => {
      await this.claim(tx, delivery);
      await this.write(tx, delivery, closing);
    });
  }

  async wait(delivery: TakenDelivery, waitMs: number, detail: string): Promise<void> {
    await this.database.execute(
      `update deliveries set due_at = now() + $4 * interval '1 millisecond', detail = $5
       where id = $1 and received_at = $2 and outcome is null and attempt = $3`,
      [delivery.id, delivery.receivedAt, delivery.attempt, waitMs, detail],
    );
  }

  async renew(delivery: TakenDelivery, leaseMs: number): Promise<void> {
    await this.database.execute(
      `update deliveries set due_at = now() + $4 * interval '1 millisecond'
       where id = $1 and received_at = $2 and outcome is null and attempt = $3`,
      [delivery.id, delivery.receivedAt, delivery.attempt, leaseMs],
    );
  }
}
