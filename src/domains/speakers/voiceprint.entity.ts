import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Team } from '../../kernel/teams/team.entity.js';

/**
 * A print of a person’s voice in the library of a team. Of one that was deleted only the fact stays that its job had made
 * one, so that the job’s follow-up, should it run again, does not bring it back.
 */
@Entity('voiceprints')
@Unique('uq_voiceprints_job', ['jobId'])
@Index('ix_voiceprints_team', ['teamId', 'id'], { where: 'deleted_at IS NULL' })
@Index('ix_voiceprints_label', ['teamId', 'label', 'id'], { where: 'deleted_at IS NULL' })
@Check('ck_voiceprints_deleted', '(deleted_at IS NULL) = (label IS NOT NULL AND print IS NOT NULL)')
export class Voiceprint {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_voiceprints' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_voiceprints_team' })
  teamId: string;

  /** Not a foreign key: the print may outlive its job. */
  @Column('uuid')
  jobId: string;

  /** Whose voice it is. */
  @Column('text', { nullable: true })
  label: string | null;

  /** Sealed. */
  @Column('text', { nullable: true })
  print: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
