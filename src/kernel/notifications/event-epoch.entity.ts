import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One life of the transaction counter; the highest is the present one. */
@Entity('event_epochs')
export class EventEpoch {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_event_epochs' })
  epoch: number;

  @Column('timestamptz', { default: () => 'now()' })
  openedAt: Date;
}
