import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A notice that was not believed. Bounded: the last 10,000, 8 KB of body each. */
@Entity('refusals')
export class Refusal {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_refusals' })
  id: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  @Column('text')
  source: string;

  @Column('text')
  reason: string;

  @Column('text')
  address: string;

  @Column('jsonb')
  headers: Record<string, string | string[]>;

  @Column('bytea')
  body: Buffer;

  /** The whole body's length, of which `body` is the beginning. */
  @Column('integer')
  bodyLength: number;
}
