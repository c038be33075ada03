import { IsInt, Matches, Max, Min, ValidateIf } from 'class-validator';
import { Key } from '../config/parse-env.js';

const POSTGRES_URL = /^postgres(ql)?:\/\//;

/** How we reach Postgres (15 and up). */
export class DatabaseEnv {
  @Key({
    doc: 'Postgres, 15 and up. Without it one is started from the npm package in SIGNALBOX_HOME (not in production)',
    secret: true,
    example: 'postgres://signalbox:password@db:5432/signalbox',
  })
  @ValidateIf((env: DatabaseEnv) => env.DATABASE_URL !== '')
  @Matches(POSTGRES_URL, { message: 'must begin with postgres://' })
  DATABASE_URL: string = '';

  @Key({
    doc: 'Past a transaction-mode pooler in DATABASE_URL: the direct address, for migrations and LISTEN',
    secret: true,
  })
  @ValidateIf((env: DatabaseEnv) => env.DATABASE_DIRECT_URL !== '')
  @Matches(POSTGRES_URL, { message: 'must begin with postgres://' })
  DATABASE_DIRECT_URL: string = '';

  @Key({ doc: 'Connections per process' })
  @IsInt()
  @Min(2)
  @Max(500)
  DATABASE_POOL: number = 20;

  @Key({ doc: 'false: the migrations are run by `signalbox migrate`, not by the start of the service' })
  DATABASE_MIGRATE: boolean = true;
}

/** Whether a transaction-mode pooler stands between us and Postgres. */
export const isPooled = (env: Readonly<DatabaseEnv>): boolean => env.DATABASE_DIRECT_URL !== '';

/** Past a pooler, where there is one: for migrations. */
export const directUrl = (env: Readonly<DatabaseEnv>): string => env.DATABASE_DIRECT_URL || env.DATABASE_URL;
