import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a team may have and spend, what is counted for it per UTC day, and what each job is estimated to cost. */
export class TeamLimits1764115200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LIMITS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_jobs_open;
      alter table jobs drop column price;
      drop table team_usage, team_limits`);
  }
}

const LIMITS = `
create table team_limits (
  team_id uuid constraint pk_team_limits primary key constraint fk_team_limits_team references teams (id),
  max_open_jobs integer constraint ck_team_limits_open_jobs check (max_open_jobs >= 0),
  max_jobs_per_day integer constraint ck_team_limits_jobs_per_day check (max_jobs_per_day >= 0),
  max_upload_bytes bigint constraint ck_team_limits_upload_bytes check (max_upload_bytes >= 0),
  monthly_budget numeric constraint ck_team_limits_monthly_budget check (monthly_budget >= 0)
);
create table team_usage (
  team_id uuid not null constraint fk_team_usage_team references teams (id),
  day date not null,
  jobs integer not null default 0,
  spent numeric not null default 0 constraint ck_team_usage_spent check (spent >= 0),
  constraint pk_team_usage primary key (team_id, day)
);
alter table jobs add column price numeric constraint ck_jobs_price check (price >= 0);
create index ix_jobs_open on jobs (team_id) where status in ('queued', 'submitting', 'unconfirmed', 'running')`;
