import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What keeps a provider's submits back: a person (`paused`) or the account's own trouble (`heldUntil`). */
@Entity('provider_states')
export class ProviderState {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_provider_states' })
  provider: string;

  @Column('boolean', { default: false })
  paused: boolean;

  @Column('timestamptz', { nullable: true })
  heldUntil: Date | null;

  @Column('text', { nullable: true })
  heldReason: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;
}
