import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('duties')
export class Duty {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_duties' })
  name: string;

  @Column('uuid')
  holder: string;

  @Column('timestamptz')
  until: Date;
}
