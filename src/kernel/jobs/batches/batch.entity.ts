import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../teams/team.entity.js';

/** Many jobs of one kind that were submitted with one request. What was asked for is kept with each job. */
@Entity('batches')
@Index('ix_batches_team', ['teamId', 'id'])
@Check('ck_batches_open', 'open >= 0 AND open <= total')
export class Batch {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_batches' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_batches_team' })
  teamId: string;

  @Column('text')
  kind: string;

  @Column('jsonb', { default: {} })
  labels: Record<string, string>;

  @Column('integer')
  total: number;

  /** Jobs that are not settled yet. Counted down by each one's first settling, `expired` included. */
  @Column('integer')
  open: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;
}
