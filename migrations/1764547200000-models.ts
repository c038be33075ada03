import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What finished trainings made, and its files as they are copied to our own storage. */
export class Models1764547200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MODELS);
    await runner.query(MODEL_FILES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table model_files; drop table models');
  }
}

const MODELS = `
create table models (
  id uuid constraint pk_models primary key,
  team_id uuid not null constraint fk_models_team references teams (id),
  job_id uuid not null constraint uq_models_job unique,
  type text,
  trainer text,
  trigger_word text,
  base_model text,
  finetune_id text,
  copying_since timestamptz not null default now(),
  created_at timestamptz not null default now(),
  ready_at timestamptz,
  deleted_at timestamptz,
  constraint ck_models_type check (type in ('portrait', 'style'))
);
create index ix_models_team on models (team_id, id) where deleted_at is null`;

const MODEL_FILES = `
create table model_files (
  model_id uuid constraint fk_model_files_model references models (id) on delete cascade,
  role text,
  url text not null,
  name text not null,
  media_type text,
  announced_size bigint,
  state text not null default 'waiting',
  attempts integer not null default 0,
  last_error text,
  note text,
  file_id uuid,
  size bigint,
  sha256 bytea,
  copied_at timestamptz,
  constraint pk_model_files primary key (model_id, role),
  constraint ck_model_files_state check (state in ('waiting', 'ready', 'failed')),
  constraint ck_model_files_ready check (state <> 'ready' or (file_id is not null and size is not null and sha256 is not null))
)`;
