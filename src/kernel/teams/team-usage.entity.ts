import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from './team.entity.js';

/**
 * What a team that has such limits submitted on a UTC day. Counted and not summed up from its jobs: those may be deleted,
 * what they cost stays spent.
 */
@Entity('team_usage')
@Check('ck_team_usage_spent', 'spent >= 0')
export class TeamUsage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_team_usage' })
  @ForeignKey(() => Team, { name: 'fk_team_usage_team' })
  teamId: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_team_usage' })
  day: string;

  @Column('integer', { default: 0 })
  jobs: number;

  /** US dollars, estimated. */
  @Column('numeric', { default: 0 })
  spent: string;
}
