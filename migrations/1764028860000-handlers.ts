import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What follows an event: the provider's own part has no handler's name; each handler of ours has a row of its own. */
export class Handlers1764028860000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table follow_ups add column handler text not null default '';
      alter table follow_ups drop constraint pk_follow_ups,
        add constraint pk_follow_ups primary key (job_id, event, handler)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from follow_ups where handler <> '';
      alter table follow_ups drop constraint pk_follow_ups,
        drop column handler,
        add constraint pk_follow_ups primary key (job_id, event)`);
  }
}
