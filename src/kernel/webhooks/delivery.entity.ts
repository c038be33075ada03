import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What became of a notice. `applied`: the job changed. `ignored`: late or contradictory, the job is untouched.
 * `unrecognized`: kept, counted, the vendor was asked. `mismatch`: the address names one job, the body another.
 * `conflicting`: another body under an id that was used before. `handled`: news that is no job's. `dead`: no job turned
 * up, or processing failed, for a day.
 */
export const OUTCOMES = ['applied', 'ignored', 'unrecognized', 'mismatch', 'conflicting', 'handled', 'dead'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The inbox: one verified notice, bytes and headers as they came. Partitioned by the UTC day of `received_at`. */
@Entity('deliveries')
@Index('ix_deliveries_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
@Index('ix_deliveries_job', ['jobId'], { where: 'job_id IS NOT NULL' })
export class Delivery {
  /** The time inside the id, so that an id alone finds its partition. */
  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'pk_deliveries' })
  receivedAt: Date;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_deliveries' })
  id: string;

  @Column('text')
  source: string;

  @Column('text')
  provider: string;

  /** The vendor's own id of the notice, or the body's SHA-256. */
  @Column('text')
  deliveryId: string;

  /** Vendor ids that the notice is about. */
  @Column('jsonb')
  refs: string[];

  /** The job that our own signature on the address names. */
  @Column('uuid', { nullable: true })
  callbackJob: string | null;

  @Column('text')
  address: string;

  @Column('jsonb')
  headers: Record<string, string | string[]>;

  @Column('bytea')
  body: Buffer;

  @Column('text', { default: 'verified' })
  verdict: string;

  @Column('text', { nullable: true })
  outcome: Outcome | null;

  /** Why it waits, or why it ended as it did. */
  @Column('text', { nullable: true })
  detail: string | null;

  @Column('uuid', { nullable: true })
  jobId: string | null;

  @Column('integer', { default: 0 })
  attempt: number;

  /** When it wants work; while it is worked on, when the lease runs out; null once closed. */
  @Column('timestamptz', { nullable: true })
  dueAt: Date | null;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;
}
