import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints, what they are told and how that went; events carry what they tell. */
export class Notifications1764288000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table jobs drop column notify_endpoint;
      drop table notification_attempts, notifications, notify_secrets, endpoints, event_epochs;
      drop index uq_events_seq;
      alter table events drop column data`);
  }
}

const UP = `
alter table events add column data jsonb;
create unique index uq_events_seq on events (seq);
create table event_epochs (
  epoch integer constraint pk_event_epochs primary key,
  opened_at timestamptz not null default now()
);
insert into event_epochs (epoch) values (1);
create table endpoints (
  id uuid constraint pk_endpoints primary key,
  team_id uuid not null constraint fk_endpoints_team references teams (id),
  destination text not null,
  url text not null,
  description text not null default '',
  types text[] not null,
  kinds text[] not null default '{}',
  labels jsonb not null default '{}',
  unlisted boolean not null default false,
  secrets jsonb not null default '[]',
  disabled_at timestamptz,
  disabled_reason text,
  deleted_at timestamptz,
  failures integer not null default 0,
  failing_since timestamptz,
  succeeded_at timestamptz,
  held_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index ix_endpoints_team on endpoints (team_id) where deleted_at is null;
create unique index uq_endpoints_unlisted on endpoints (team_id, url) where unlisted and deleted_at is null;
create table notify_secrets (
  team_id uuid constraint pk_notify_secrets primary key constraint fk_notify_secrets_team references teams (id),
  secrets jsonb not null,
  updated_at timestamptz not null default now()
);
alter table jobs add column notify_endpoint uuid constraint fk_jobs_notify_endpoint references endpoints (id);
create index ix_jobs_notify_open on jobs (notify_endpoint) where notify_endpoint is not null and settled_at is null;
create table notifications (
  id uuid constraint pk_notifications primary key,
  endpoint_id uuid not null constraint fk_notifications_endpoint references endpoints (id),
  team_id uuid not null,
  event_seq bigint not null,
  type text not null,
  job_id uuid,
  state text not null default 'waiting' constraint ck_notifications_state
    check (state in ('waiting', 'delivered', 'failed', 'dropped')),
  attempt integer not null default 0,
  round_start integer not null default 0,
  due_at timestamptz,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  last_status integer,
  last_error text,
  constraint uq_notifications_event unique (endpoint_id, event_seq)
);
create index ix_notifications_due on notifications (due_at) where due_at is not null;
create index ix_notifications_endpoint on notifications (endpoint_id, id);
create index ix_notifications_endpoint_due on notifications (endpoint_id, due_at) where due_at is not null;
create index ix_notifications_job on notifications (job_id) where job_id is not null;
create table notification_attempts (
  notification_id uuid not null constraint fk_notification_attempts_notification references notifications (id) on delete cascade,
  number integer not null,
  at timestamptz not null default now(),
  status integer,
  latency_ms integer not null,
  error text,
  answer text,
  next_at timestamptz,
  constraint pk_notification_attempts primary key (notification_id, number)
)`;
