import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Endpoint } from '../endpoints/endpoint.entity.js';

/**
 * `waiting`: has a time at which it is due. `delivered`: the endpoint answered 2xx. `failed`: all tries were in vain.
 * `dropped`: its endpoint was deleted, or stayed disabled for too long.
 */
export const NOTIFICATION_STATES = ['waiting', 'delivered', 'failed', 'dropped'] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** One event for one endpoint. Its id is the `webhook-id`, the same on every attempt. */
@Entity('notifications')
@Unique('uq_notifications_event', ['endpointId', 'eventSeq'])
@Index('ix_notifications_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
@Index('ix_notifications_endpoint', ['endpointId', 'id'])
@Index('ix_notifications_endpoint_due', ['endpointId', 'dueAt'], { where: 'due_at IS NOT NULL' })
@Index('ix_notifications_job', ['jobId'], { where: 'job_id IS NOT NULL' })
@Check('ck_notifications_state', `state IN (${NOTIFICATION_STATES.map((state) => `'${state}'`).join(', ')})`)
export class Notification {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notifications' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Endpoint, { name: 'fk_notifications_endpoint' })
  endpointId: string;

  @Column('uuid')
  teamId: string;

  @Column('bigint')
  eventSeq: string;

  @Column('text')
  type: string;

  @Column('uuid', { nullable: true })
  jobId: string | null;

  @Column('text', { default: 'waiting' })
  state: NotificationState;

  /** Counts every try, also after it was asked for again. */
  @Column('integer', { default: 0 })
  attempt: number;

  /** `attempt` when the present round of tries began. */
  @Column('integer', { default: 0 })
  roundStart: number;

  /** When it wants to be sent; while it is being sent, when the lease runs out; null once settled. */
  @Column('timestamptz', { nullable: true })
  dueAt: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  settledAt: Date | null;

  @Column('integer', { nullable: true })
  lastStatus: number | null;

  @Column('text', { nullable: true })
  lastError: string | null;
}
