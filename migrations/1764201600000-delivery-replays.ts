import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What had become of a notice before somebody had it worked on again. Not tied to `deliveries`, whose days are dropped
 * whole; the key begins with the time, so that a day's rows are one range here too. The ledger is in the order of time
 * by itself: a BRIN index finds one of its ids and costs an insert nothing.
 */
export class DeliveryReplays1764201600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table delivery_replays (
        received_at timestamptz not null,
        delivery_id uuid not null,
        number integer not null,
        asked_at timestamptz not null default now(),
        actor text not null,
        reason text,
        outcome text not null,
        detail text,
        job_id uuid,
        closed_at timestamptz,
        attempt integer not null,
        constraint pk_delivery_replays primary key (received_at, delivery_id, number)
      );
      create index ix_delivery_ids_received on delivery_ids using brin (received_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_delivery_ids_received;
      drop table delivery_replays`);
  }
}
