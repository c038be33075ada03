import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Notification } from './notification.entity.js';

/** One try to tell an endpoint, and what it said to it. */
@Entity('notification_attempts')
export class NotificationAttempt {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notification_attempts' })
  @ForeignKey(() => Notification, { name: 'fk_notification_attempts_notification', onDelete: 'CASCADE' })
  notificationId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_notification_attempts' })
  number: number;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  /** Of HTTP; null where there was no answer, or none by HTTP. */
  @Column('integer', { nullable: true })
  status: number | null;

  @Column('integer')
  latencyMs: number;

  @Column('text', { nullable: true })
  error: string | null;

  /** The first bytes of the answer as text. */
  @Column('text', { nullable: true })
  answer: string | null;

  /** When it is tried again. */
  @Column('timestamptz', { nullable: true })
  nextAt: Date | null;
}
