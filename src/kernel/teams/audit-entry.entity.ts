import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One act of a person with power: who, what, before and after (without secrets), and why. */
@Entity('audit_log')
@Index('ix_audit_log_subject', ['subject'])
export class AuditEntry {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_audit_log' })
  id: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  /** `key:<id>` or `cli`. */
  @Column('text')
  actor: string;

  @Column('uuid', { nullable: true })
  teamId: string | null;

  /** For example `job.resolve`, `key.create`. */
  @Column('text')
  action: string;

  /** For example `job:<id>`. */
  @Column('text')
  subject: string;

  @Column('jsonb', { nullable: true })
  before: unknown;

  @Column('jsonb', { nullable: true })
  after: unknown;

  @Column('text', { nullable: true })
  reason: string | null;
}
