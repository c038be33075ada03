import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Cause } from './cause.js';

/**
 * The append-only timeline of jobs, and the stream. The order is (epoch, tx, seq), over all jobs and of each one. Numbers
 * are given before commit, so a reader goes by `tx` and stops at the oldest transaction that is still open. A transaction
 * that waits for a job's row may have got its own number before the one that it waits for: an event therefore never gets
 * a lower `tx` than the event before it of the same job. A higher one than its own is safe: whoever may read it by that
 * number may read its own too.
 */
@Entity('events')
@Index('ix_events_job', ['jobId', 'epoch', 'tx', 'seq'])
@Index('ix_events_team', ['teamId', 'epoch', 'tx', 'seq'], { where: 'data IS NOT NULL' })
@Index('uq_events_seq', ['seq'], { unique: true })
export class RecordedEvent {
  /** A database that was restored elsewhere begins a new one: its `tx` would run backwards. */
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

  /** What the team is told, under 20 KB as JSON; null where the event is for the timeline only. */
  @Column('jsonb', { nullable: true })
  data: Record<string, unknown> | null;

  @Column('jsonb')
  cause: Cause;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at: Date;
}
