import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The library of voices. Of an entry that was deleted only its job stays, so that the job never brings it back. */
export class Voiceprints1763856000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VOICEPRINTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table voiceprints');
  }
}

const VOICEPRINTS = `
create table voiceprints (
  id uuid constraint pk_voiceprints primary key,
  team_id uuid not null constraint fk_voiceprints_team references teams (id),
  job_id uuid not null constraint uq_voiceprints_job unique,
  label text,
  print text,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint ck_voiceprints_deleted check ((deleted_at is null) = (label is not null and print is not null))
);
create index ix_voiceprints_team on voiceprints (team_id, id) where deleted_at is null;
create index ix_voiceprints_label on voiceprints (team_id, label, id) where deleted_at is null`;
