import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Team } from '../../../kernel/teams/team.entity.js';

export type ModelType = 'portrait' | 'style';

/**
 * What a training made. Of one that was deleted the row stays without its files, so that the job's follow-up, should it run
 * again, does not bring it back.
 */
@Entity('models')
@Unique('uq_models_job', ['jobId'])
@Index('ix_models_team', ['teamId', 'id'], { where: 'deleted_at IS NULL' })
@Check('ck_models_type', `type = ANY (ARRAY['portrait'::text, 'style'::text])`)
export class Model {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_models' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_models_team' })
  teamId: string;

  /** Not a foreign key: the model may outlive its job. */
  @Column('uuid')
  jobId: string;

  @Column('text', { nullable: true })
  type: ModelType | null;

  @Column('text', { nullable: true })
  trainer: string | null;

  /** The word that calls up what was learned. */
  @Column('text', { nullable: true })
  triggerWord: string | null;

  /** The family of models that it works with. */
  @Column('text', { nullable: true })
  baseModel: string | null;

  /** Of a model that stays with the vendor and has no files. */
  @Column('text', { nullable: true })
  finetuneId: string | null;

  /** From when on its files are tried for a day. */
  @Column('timestamptz', { default: () => 'now()' })
  copyingSince: Date;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  /** When all files were there for the first time. */
  @Column('timestamptz', { nullable: true })
  readyAt: Date | null;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
