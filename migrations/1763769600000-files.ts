import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Uploads and results; the bytes themselves lie on disk under the row's id. */
export class Files1763769600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FILES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table files');
  }
}

const FILES = `
create table files (
  id uuid constraint pk_files primary key,
  team_id uuid not null constraint fk_files_team references teams (id),
  name text not null,
  media_type text not null,
  size bigint not null constraint ck_files_size check (size >= 0),
  sha256 bytea not null,
  purpose text not null constraint ck_files_purpose check (purpose in ('upload', 'result')),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  deleted_at timestamptz,
  missing_since timestamptz
);
create index ix_files_team on files (team_id, id);
create index ix_files_expiry on files (expires_at) where deleted_at is null`;
