import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Teams and keys, jobs and their timeline, the inbox and its ledger. */
export class Spine1763683200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TEAMS);
    await runner.query(JOBS);
    await runner.query(INBOX);
    await useLz4(runner);
    await runner.query(`insert into teams (id, name) values (gen_random_uuid(), 'default')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table refusals, delivery_ids, deliveries, events, provider_states, turns, follow_ups, job_refs, jobs,
                 duties, audit_log, idempotency_keys, api_keys, teams`);
  }
}

const TEAMS = `
create table teams (
  id uuid constraint pk_teams primary key,
  name text not null constraint uq_teams_name unique,
  created_at timestamptz not null default now()
);
create table api_keys (
  id uuid constraint pk_api_keys primary key,
  team_id uuid not null constraint fk_api_keys_team references teams (id),
  name text not null,
  prefix text not null,
  hash bytea not null constraint uq_api_keys_hash unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index ix_api_keys_team on api_keys (team_id);
create table idempotency_keys (
  team_id uuid not null,
  route text not null,
  key text not null,
  body_hash bytea not null,
  job_id uuid not null,
  created_at timestamptz not null default now(),
  constraint pk_idempotency_keys primary key (team_id, route, key)
);
create table audit_log (
  id uuid constraint pk_audit_log primary key,
  at timestamptz not null default now(),
  actor text not null,
  team_id uuid,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  reason text
);
create index ix_audit_log_subject on audit_log (subject);
create table duties (
  name text constraint pk_duties primary key,
  holder uuid not null,
  until timestamptz not null
)`;

const JOBS = `
create table jobs (
  id uuid constraint pk_jobs primary key,
  team_id uuid not null constraint fk_jobs_team references teams (id),
  provider text not null,
  kind text not null,
  status text not null default 'queued' constraint ck_jobs_status check (status in
    ('queued', 'submitting', 'unconfirmed', 'running', 'expired', 'succeeded', 'failed', 'canceled')),
  phase text,
  progress double precision constraint ck_jobs_progress check (progress >= 0 and progress <= 1),
  attempt integer not null default 0,
  version integer not null default 1,
  external_id text,
  input jsonb not null,
  result jsonb,
  error jsonb,
  facts jsonb not null default '{}',
  labels jsonb not null default '{}',
  webhook boolean not null,
  submit_at timestamptz,
  resubmits integer not null default 0,
  asked_at timestamptz,
  check_at timestamptz,
  checks integer not null default 0,
  gone_since timestamptz,
  deadline_at timestamptz,
  cancel_requested_at timestamptz,
  traceparent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  started_at timestamptz,
  settled_at timestamptz,
  constraint uq_jobs_external_id unique (provider, external_id)
);
create index ix_jobs_team on jobs (team_id, id);
create index ix_jobs_submit_due on jobs (provider, team_id, submit_at, id) where status = 'queued';
create index ix_jobs_submitting on jobs (submit_at) where status = 'submitting';
create index ix_jobs_check_due on jobs (check_at) where check_at is not null;
create table job_refs (
  provider text not null,
  ref text not null,
  job_id uuid not null,
  constraint pk_job_refs primary key (provider, ref, job_id)
);
create index ix_job_refs_job on job_refs (job_id);
create table follow_ups (
  job_id uuid not null,
  event text not null,
  provider text not null,
  attempt integer not null default 0,
  due_at timestamptz,
  created_at timestamptz not null default now(),
  done_at timestamptz,
  gave_up_at timestamptz,
  last_error text,
  constraint pk_follow_ups primary key (job_id, event)
);
create index ix_follow_ups_due on follow_ups (due_at) where due_at is not null;
create table turns (
  provider text not null,
  team_id uuid not null,
  served_at timestamptz not null default '-infinity',
  constraint pk_turns primary key (provider, team_id)
);
create table provider_states (
  provider text constraint pk_provider_states primary key,
  paused boolean not null default false,
  held_until timestamptz,
  held_reason text,
  updated_at timestamptz not null default now()
);
create table events (
  epoch integer not null default 1,
  tx bigint not null default pg_current_xact_id()::text::bigint,
  seq bigint generated always as identity,
  job_id uuid,
  team_id uuid,
  type text not null,
  what jsonb not null default '{}',
  cause jsonb not null,
  at timestamptz not null default clock_timestamp(),
  constraint pk_events primary key (epoch, tx, seq)
);
create index ix_events_job on events (job_id, epoch, tx, seq)`;

/** The days of `deliveries` are made by the service, a week ahead; there is no default partition. */
const INBOX = `
create table deliveries (
  received_at timestamptz not null,
  id uuid not null,
  source text not null,
  provider text not null,
  delivery_id text not null,
  refs jsonb not null,
  callback_job uuid,
  address text not null,
  headers jsonb not null,
  body bytea not null,
  verdict text not null default 'verified',
  outcome text,
  detail text,
  job_id uuid,
  attempt integer not null default 0,
  due_at timestamptz,
  closed_at timestamptz,
  constraint pk_deliveries primary key (received_at, id)
) partition by range (received_at);
create index ix_deliveries_due on deliveries (due_at) where due_at is not null;
create index ix_deliveries_job on deliveries (job_id) where job_id is not null;
create table delivery_ids (
  source text not null,
  delivery_id text not null,
  inbox_id uuid not null,
  received_at timestamptz not null,
  body_sha bytea not null,
  times integer not null default 1,
  last_seen_at timestamptz not null default now(),
  last_retry_number text,
  last_retry_reason text,
  constraint pk_delivery_ids primary key (source, delivery_id)
);
create table refusals (
  id uuid constraint pk_refusals primary key,
  at timestamptz not null default now(),
  source text not null,
  reason text not null,
  address text not null,
  headers jsonb not null,
  body bytea not null,
  body_length integer not null
)`;

/** 2 KB notices cross the TOAST limit: lz4 takes a third off the time per row. Servers built without it go on with pglz. */
async function useLz4(runner: QueryRunner): Promise<void> {
  const [method] = (await runner.query(
    `select 1 from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals)`,
  )) as unknown[];
  if (!method) return;
  await runner.query(`alter table deliveries alter column body set compression lz4`);
  await runner.query(`alter table deliveries alter column headers set compression lz4`);
}
