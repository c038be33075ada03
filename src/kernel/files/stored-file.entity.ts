import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../teams/team.entity.js';

/** `upload`: given by a caller. `result`: what a vendor made, too large for a row. */
export type FilePurpose = 'upload' | 'result';

/** A file of a team. Its bytes lie on disk under its id; the row stays when they are gone. */
@Entity('files')
@Index('ix_files_team', ['teamId', 'id'])
@Index('ix_files_expiry', ['expiresAt'], { where: 'deleted_at IS NULL' })
@Check('ck_files_size', 'size >= 0')
@Check('ck_files_purpose', `purpose = ANY (ARRAY['upload'::text, 'result'::text])`)
export class StoredFile {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_files' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_files_team' })
  teamId: string;

  /** For people; never part of a path. */
  @Column('text')
  name: string;

  @Column('text')
  mediaType: string;

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  size: number;

  @Column('bytea')
  sha256: Buffer;

  @Column('text')
  purpose: FilePurpose;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  /** Null: kept until somebody deletes it. */
  @Column('timestamptz', { nullable: true })
  expiresAt: Date | null;

  /** Deleted or expired: from here on the disk may be freed. */
  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;

  /** Since when its bytes are not on disk although nobody deleted it. */
  @Column('timestamptz', { nullable: true })
  missingSince: Date | null;
}

export const isGone = (file: StoredFile, now = Date.now()): boolean =>
  file.deletedAt !== null || (file.expiresAt !== null && file.expiresAt.getTime() <= now);

/** The entity tag of the content: strong, since it is made of the bytes. */
export const etagOf = (file: Pick<StoredFile, 'sha256'>): string => `"${file.sha256.toString('hex')}"`;
