import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The ledger beside the inbox: it outlives the partitions, so that dropping one never breaks "once". */
@Entity('delivery_ids')
@Index('ix_delivery_ids_received', ['receivedAt'], { type: 'brin' })
export class DeliveryId {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_delivery_ids' })
  source: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_delivery_ids' })
  deliveryId: string;

  @Column('uuid')
  inboxId: string;

  @Column('timestamptz')
  receivedAt: Date;

  @Column('bytea')
  bodySha: Buffer;

  /** How often it came. */
  @Column('integer', { default: 1 })
  times: number;

  @Column('timestamptz', { default: () => 'now()' })
  lastSeenAt: Date;

  @Column('text', { nullable: true })
  lastRetryNumber: string | null;

  @Column('text', { nullable: true })
  lastRetryReason: string | null;
}
