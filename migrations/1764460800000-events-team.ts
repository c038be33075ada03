import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a team is told, in its order: whoever comes back to the stream reads on from where he was. */
export class EventsTeam1764460800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index ix_events_team on events (team_id, epoch, tx, seq) where data is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_events_team');
  }
}
