import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Scope } from './scopes.js';
import { Team } from './team.entity.js';

/** A key that a team calls us with. Only its SHA-256 is stored: it has 256 random bits, so a slow hash would add nothing. */
@Entity('api_keys')
@Unique('uq_api_keys_hash', ['hash'])
@Index('ix_api_keys_team', ['teamId'])
export class ApiKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_api_keys' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_api_keys_team' })
  teamId: string;

  @Column('text')
  name: string;

  /** The first characters, so that people can tell keys apart. */
  @Column('text')
  prefix: string;

  @Column('bytea')
  hash: Buffer;

  @Column('text', { array: true })
  scopes: Scope[];

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
