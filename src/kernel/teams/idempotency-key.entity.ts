import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A promise made to a caller: the same key on the same route means the same job. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_idempotency_keys' })
  teamId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_idempotency_keys' })
  route: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_idempotency_keys' })
  key: string;

  @Column('bytea')
  bodyHash: Buffer;

  @Column('uuid')
  jobId: string;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
