import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a team last had a submit with a provider: whoever waits longest is next. */
@Entity('turns')
export class Turn {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_turns' })
  provider: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_turns' })
  teamId: string;

  @Column('timestamptz', { default: () => `'-infinity'` })
  servedAt: Date;
}
