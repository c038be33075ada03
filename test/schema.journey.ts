import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations/list.js';
import { dataSourceOptions, migrate } from '../src/kernel/database/data-source.js';
import { Database } from '../src/kernel/database/database.js';
import { JOB_STATUSES } from '../src/kernel/jobs/job-status.js';
import { DatabaseEnv } from '../src/kernel/database/database.env.js';
import { AppLogger } from '../src/kernel/observability/app-logger.js';
import { Partitions } from '../src/kernel/webhooks/partitions.js';
import { World } from './harness/service.js';
import { createTestDatabase, dropUnlessFailed } from './setup/test-database.js';
import type { TestDatabase } from './setup/test-database.js';

const DAY = 24 * 60 * 60 * 1_000;
const BEGIN_OF_NAME = 'deliveries_';

const nameOf = (time: number) => `${BEGIN_OF_NAME}${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`;

async function rows<T>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}

async function tablesOf(url: string): Promise<string[]> {
  const found = await rows<{ name: string }>(
    url,
    `select relname as name from pg_class
     where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace`,
  );
  return found.map((table) => table.name).sort();
}

/** Everything that tells one schema from another: columns, constraints, indexes, in words. */
async function shapeOf(url: string): Promise<string[]> {
  const found = await rows<{ line: string }>(
    url,
    `select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
       from information_schema.columns where table_schema = 'public'
     union all
     select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
       where connamespace = 'public'::regnamespace
     union all
     select indexdef from pg_indexes where schemaname = 'public'
     order by line`,
  );
  return found.map(({ line }) => line).filter((line) => !line.includes(BEGIN_OF_NAME));
}

describe('The schema', () => {
  describe('of the running service', () => {
    let world: World;

    beforeAll(async () => {
      world = await (await World.create('schema')).start();
    });

    afterAll(() => world.end());

    it('is what the entities say: asked for one more migration, TypeORM has nothing to add', async () => {
      const wanted = await world.app.get(DataSource).driver.createSchemaBuilder().log();
      expect(wanted.upQueries.map(({ query }) => query)).toEqual([]);
    });

    it('has an entity for every table, and a table for every entity', async () => {
      const entities = world.app.get(DataSource).entityMetadatas.map((entity) => entity.tableName);
      expect(await tablesOf(world.database.url)).toEqual([...entities, 'migrations'].sort());
    });

    it('lets no state and no progress in that the code does not know', async () => {
      const { id } = await world.diarize();
      for (const change of [
        `status = 'finished'`,
        'progress = 1.01',
        'progress = -0.01',
        'status = null',
        'input = null',
      ])
        await expect(world.db.execute(`update jobs set ${change} where id = $1`, [id])).rejects.toMatchObject({
          code: expect.stringMatching(/^235(14|02)$/) as string,
        });
      await world.until(id, 'succeeded');
    });

    it('keeps every state that the code knows', async () => {
      const [check] = await world.db.query<{ text: string }>(
        `select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'ck_jobs_status'`,
      );
      const words = [...(check?.text ?? '').matchAll(/'(\w+)'/g)].map((match) => match[1]);
      expect(words.sort()).toEqual([...JOB_STATUSES].sort());
    });

    it('has a place for notices from yesterday until a week ahead, one per UTC day, and no default', async () => {
      const [parent] = await world.db.query<{ strategy: string; default: number }>(
        `select partstrat as strategy, partdefid::int as default from pg_partitioned_table where partrelid = 'deliveries'::regclass`,
      );
      expect(parent).toEqual({ strategy: 'r', default: 0 });
      const partitions = await rows<{ name: string; bounds: string }>(
        `${world.database.url}?options=-c%20timezone=UTC`,
        `select inhrelid::regclass::text as name, pg_get_expr(relpartbound, inhrelid) as bounds
         from pg_inherits join pg_class on pg_class.oid = inhrelid where inhparent = 'deliveries'::regclass order by 1`,
      );
      const now = Date.now();
      const days = Array.from({ length: 9 }, (_, i) => now + (i - 1) * DAY);
      expect(partitions.map((partition) => partition.name)).toEqual(days.map(nameOf));
      for (const [i, { bounds }] of partitions.entries()) {
        const from = new Date(days[i] ?? 0).toISOString().slice(0, 10);
        expect(bounds).toContain(`FROM ('${from} 00:00:00+00')`);
      }
    });
  });

  describe('from one release to the next', () => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await createTestDatabase('schema-migrations');
    });

    afterAll(() => dropUnlessFailed(database));

    it('is brought up to date once, however many start at the same time', async () => {
      const ran = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
      expect(ran.flat().sort()).toEqual(migrations.map((migration) => migration.name).sort());
      expect(await migrate(database.url)).toEqual([]);
      expect(await rows(database.url, `select name from teams`)).toEqual([{ name: 'default' }]);
    });

    it('can go all the way back and forth, and is the same afterwards', async () => {
      const before = await shapeOf(database.url);
      const source = new DataSource({ ...dataSourceOptions(database.url, 1), extra: {} });
      await source.initialize();
      try {
        for (const _ of migrations) await source.undoLastMigration();
      } finally {
        await source.destroy();
      }
      expect(await tablesOf(database.url)).toEqual(['migrations']);
      expect((await migrate(database.url)).length).toBe(migrations.length);
      expect(await shapeOf(database.url)).toEqual(before);
    });

    it('goes back with notices in it as well', async () => {
      const [source, partitions] = await open(database.url);
      await partitions.ensureAhead();
      await source.query(deliveryAt(Date.now()));
      for (const _ of migrations) await source.undoLastMigration();
      await source.destroy();
      expect(await tablesOf(database.url)).toEqual(['migrations']);
      await migrate(database.url);
    });

    it('gets a new day once, and for everybody at once, when several processes make it at the same time', async () => {
      const processes = await Promise.all(Array.from({ length: 3 }, () => open(database.url)));
      try {
        for (let round = 0; round < 3; round++) {
          const day = Date.UTC(2031, 0, 1 + round);
          const made = await Promise.all(
            processes.flatMap(([source, partitions]) =>
              Array.from({ length: 3 }, async () => {
                const isMine = await partitions.ensure(day);
                // Whoever is told that it is there can write into it.
                await source.query(deliveryAt(day + 1));
                return isMine;
              }),
            ),
          );
          expect(made.filter(Boolean)).toHaveLength(1);
          const [count] = await rows(database.url, `select count(*)::int as rows from ${nameOf(day)}`);
          expect(count).toEqual({ rows: 9 });
        }
      } finally {
        await Promise.all(processes.map(([source]) => source.destroy()));
      }
    });

    it('takes a day over that was made but not attached by somebody who died', async () => {
      const day = Date.UTC(2032, 0, 1);
      const [source, partitions] = await open(database.url);
      try {
        await source.query(`create table ${nameOf(day)} (like deliveries including all)`);
        expect(await partitions.ensure(day)).toBe(true);
        await source.query(deliveryAt(day));
      } finally {
        await source.destroy();
      }
    });
  });
});

function deliveryAt(time: number): string {
  return `insert into deliveries (received_at, id, source, provider, delivery_id, refs, address, headers, body)
          values (to_timestamp(${time / 1_000}), gen_random_uuid(), 's', 'p', gen_random_uuid()::text, '[]', 'a', '{}', '')`;
}

/** As much of a process as makes days. */
async function open(url: string): Promise<[DataSource, Partitions]> {
  const source = new DataSource({ ...dataSourceOptions(url, 4) });
  await source.initialize();
  const silent = { LOG_LEVEL: 'silent' } as ConstructorParameters<typeof AppLogger>[0];
  return [source, new Partitions(new Database(source, new AppLogger(silent), new DatabaseEnv()))];
}
