import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../teams/team.entity.js';

/** A signing secret, sealed for its endpoint; the first one of a list signs for good, those after it until their time. */
export interface SealedSecret {
  sealed: string;
  /** ISO 8601; null: until it is rotated. */
  until: string | null;
}

/** Where a team wants to be told: a URL that is called, or a person's channel. */
@Entity('endpoints')
@Index('ix_endpoints_team', ['teamId'], { where: 'deleted_at IS NULL' })
@Index('uq_endpoints_unlisted', ['teamId', 'url'], { unique: true, where: 'unlisted AND deleted_at IS NULL' })
export class Endpoint {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_endpoints' })
  id: string;

  @Column('uuid')
  @ForeignKey(() => Team, { name: 'fk_endpoints_team' })
  teamId: string;

  /** Which way: `webhook`, `slack`, `email`, … */
  @Column('text')
  destination: string;

  /** The address in the words of its destination. */
  @Column('text')
  url: string;

  @Column('text', { default: '' })
  description: string;

  /** Patterns of event types. */
  @Column('text', { array: true })
  types: string[];

  /** Kinds of jobs; none: all. */
  @Column('text', { array: true, default: [] })
  kinds: string[];

  /** Labels that the job must have, all of them. */
  @Column('jsonb', { default: {} })
  labels: Record<string, string>;

  /** Made for the `notifyUrl` of jobs: it hears of those that name it, and stands in no list. */
  @Column('boolean', { default: false })
  unlisted: boolean;

  /** None where the destination does not sign, and where the team's own secret does. */
  @Column('jsonb', { default: [] })
  secrets: SealedSecret[];

  @Column('timestamptz', { nullable: true })
  disabledAt: Date | null;

  @Column('text', { nullable: true })
  disabledReason: string | null;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;

  /** Attempts that failed since the last success. */
  @Column('integer', { default: 0 })
  failures: number;

  @Column('timestamptz', { nullable: true })
  failingSince: Date | null;

  @Column('timestamptz', { nullable: true })
  succeededAt: Date | null;

  /** It asked to be left alone until then. */
  @Column('timestamptz', { nullable: true })
  heldUntil: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;
}
