import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Outcome } from './delivery.entity.js';

/** One replay of one notice: who asked for it, and what had become of the notice until then. */
@Entity('delivery_replays')
export class DeliveryReplay {
  /** Of the delivery. */
  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'pk_delivery_replays' })
  receivedAt: Date;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_delivery_replays' })
  deliveryId: string;

  /** 1, 2, 3 … of its delivery. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_delivery_replays' })
  number: number;

  @Column('timestamptz', { default: () => 'now()' })
  askedAt: Date;

  /** `key:<id>`. */
  @Column('text')
  actor: string;

  @Column('text', { nullable: true })
  reason: string | null;

  /** Before the replay, as are the four below. */
  @Column('text')
  outcome: Outcome;

  @Column('text', { nullable: true })
  detail: string | null;

  @Column('uuid', { nullable: true })
  jobId: string | null;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;

  @Column('integer')
  attempt: number;
}
