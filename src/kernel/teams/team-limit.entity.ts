import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from './team.entity.js';

/**
 * The limits of a team that has any; null where it has none of that name. Who counts against one locks this row, so that
 * two who count at the same time see each other; teams without a row wait for nobody.
 */
@Entity('team_limits')
@Check('ck_team_limits_open_jobs', 'max_open_jobs >= 0')
@Check('ck_team_limits_jobs_per_day', 'max_jobs_per_day >= 0')
@Check('ck_team_limits_upload_bytes', 'max_upload_bytes >= 0')
@Check('ck_team_limits_monthly_budget', 'monthly_budget >= 0')
export class TeamLimit {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_team_limits' })
  @ForeignKey(() => Team, { name: 'fk_team_limits_team' })
  teamId: string;

  @Column('integer', { nullable: true })
  maxOpenJobs: number | null;

  /** A UTC day. */
  @Column('integer', { nullable: true })
  maxJobsPerDay: number | null;

  /** All uploads that are kept at one time. */
  @Column('bigint', { nullable: true })
  maxUploadBytes: string | null;

  /** US dollars a UTC calendar month. */
  @Column('numeric', { nullable: true })
  monthlyBudget: string | null;
}
