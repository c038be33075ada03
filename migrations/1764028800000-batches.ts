import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Many jobs submitted with one request. `open` counts those that are not settled yet; the last one finishes the batch. */
export class Batches1764028800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BATCHES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_jobs_batch;
      alter table jobs drop column batch_id;
      drop table batches`);
  }
}

const BATCHES = `
create table batches (
  id uuid constraint pk_batches primary key,
  team_id uuid not null constraint fk_batches_team references teams (id),
  kind text not null,
  labels jsonb not null default '{}',
  total integer not null,
  open integer not null constraint ck_batches_open check (open >= 0 and open <= total),
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index ix_batches_team on batches (team_id, id);
alter table jobs add column batch_id uuid constraint fk_jobs_batch references batches (id);
create index ix_jobs_batch on jobs (batch_id, id, status) where batch_id is not null`;
