import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Model } from './model.entity.js';

/** `failed`: not tried again by itself. That a copy was deleted or lost later is known by its file alone. */
export type CopyState = 'waiting' | 'ready' | 'failed';

/** One file of a model: where the vendor has it, and our copy of it. */
@Entity('model_files')
@Check('ck_model_files_state', `state = ANY (ARRAY['waiting'::text, 'ready'::text, 'failed'::text])`)
@Check(
  'ck_model_files_ready',
  `state <> 'ready'::text OR file_id IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL`,
)
export class ModelFile {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_model_files' })
  @ForeignKey(() => Model, { name: 'fk_model_files_model', onDelete: 'CASCADE' })
  modelId: string;

  /** What it is to the model: `lora`, `config`, or the vendor's own name of it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_model_files' })
  role: string;

  @Column('text')
  url: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  mediaType: string | null;

  /** Bytes, as the vendor says. */
  @Column('bigint', { nullable: true })
  announcedSize: string | null;

  @Column('text', { default: 'waiting' })
  state: CopyState;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column('text', { nullable: true })
  lastError: string | null;

  /** What is odd about a copy that is whole all the same. */
  @Column('text', { nullable: true })
  note: string | null;

  /** Our copy. Not a foreign key: it may be deleted by itself. */
  @Column('uuid', { nullable: true })
  fileId: string | null;

  @Column('bigint', { nullable: true })
  size: string | null;

  @Column('bytea', { nullable: true })
  sha256: Buffer | null;

  @Column('timestamptz', { nullable: true })
  copiedAt: Date | null;
}
