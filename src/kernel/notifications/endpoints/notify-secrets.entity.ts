import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../teams/team.entity.js';
import type { SealedSecret } from './endpoint.entity.js';

/** A team's default secret: it signs what goes to the `notifyUrl` of jobs. */
@Entity('notify_secrets')
export class NotifySecrets {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notify_secrets' })
  @ForeignKey(() => Team, { name: 'fk_notify_secrets_team' })
  teamId: string;

  @Column('jsonb')
  secrets: SealedSecret[];

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;
}
