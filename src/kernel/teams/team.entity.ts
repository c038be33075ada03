import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Who owns jobs. The first migration makes the team `default`. */
@Entity('teams')
@Unique('uq_teams_name', ['name'])
export class Team {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_teams' })
  id: string;

  @Column('text')
  name: string;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}

export const DEFAULT_TEAM = 'default';
