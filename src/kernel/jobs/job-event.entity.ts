import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Cause } from './change.js';

/**
 * The append-only timeline, later also the stream. Over all jobs the order is (epoch, tx, seq), because numbers are given
 * before commit. Of one job it is (epoch, seq): its row is locked when an entry gets its number, while a transaction that
 * waited for that lock may have begun, and got its `tx`, before the one that it waited for.
 */
@Entity('events')
@Index('ix_events_job', ['jobId', 'epoch', 'tx', 'seq'])
export class JobEvent {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_events', default: 1 })
  epoch: number;

  @PrimaryColumn('bigint', {
    primaryKeyConstraintName: 'pk_events',
    // As TypeORM reads it back, which strips the casts: pg_current_xact_id()::text::bigint.
    default: () => '((pg_current_xact_id()))',
  })
  tx: string;

  @PrimaryColumn('bigint', {
    primaryKeyConstraintName: 'pk_events',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
  })
  seq: string;

  @Column('uuid', { nullable: true })
  jobId: string | null;

  @Column('uuid', { nullable: true })
  teamId: string | null;

  @Column('text')
  type: string;

  @Column('jsonb', { default: {} })
  what: Record<string, unknown>;

  @Column('jsonb')
  cause: Cause;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at: Date;
}
