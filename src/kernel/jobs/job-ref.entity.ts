import { Entity, Index, PrimaryColumn } from 'typeorm';

/** Further vendor ids of a job; one id may concern many jobs (a room), one job may have many (its calls). */
@Entity('job_refs')
@Index('ix_job_refs_job', ['jobId'])
export class JobRef {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_job_refs' })
  provider: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_job_refs' })
  ref: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_job_refs' })
  jobId: string;
}
