import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What has to follow an event of a job: one row per job, event and whoever follows, worked on until done or given up after a day. */
@Entity('follow_ups')
@Index('ix_follow_ups_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
export class FollowUp {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_follow_ups' })
  jobId: string;

  /** The type of the event, for example `diarization.succeeded`; `job.cancel_requested` asks the vendor to cancel. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_follow_ups' })
  event: string;

  /** The name of a handler of ours; empty for the provider's own part. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_follow_ups', default: '' })
  handler: string;

  @Column('text')
  provider: string;

  @Column('integer', { default: 0 })
  attempt: number;

  /** When it wants work; while it is worked on, when the lease runs out; null once it is over. */
  @Column('timestamptz', { nullable: true })
  dueAt: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  doneAt: Date | null;

  @Column('timestamptz', { nullable: true })
  gaveUpAt: Date | null;

  @Column('text', { nullable: true })
  lastError: string | null;
}
