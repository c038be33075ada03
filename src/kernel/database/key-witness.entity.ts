import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One text, sealed under the master key: by it a start sees whether its key is the one of this database. */
@Entity('key_witness')
@Check('ck_key_witness_one', 'id = 1')
export class KeyWitness {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_key_witness' })
  id: number;

  @Column('text')
  sealed: string;
}
