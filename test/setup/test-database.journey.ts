import { eventually } from '../harness/eventually.js';
import { rows } from './embedded-homes.js';
import { createTestDatabase, databaseName } from './test-database.js';

describe('a test database', () => {
  it('is fresh, named after its test, and gone after it, open connections or not', async () => {
    const database = await createTestDatabase('Inbox: keeps the bytes!');
    expect(await rows(database.url, 'SELECT current_database() AS name')).toEqual([
      { name: expect.stringMatching(/^test_inbox_keeps_the_bytes_[0-9a-f]{10}$/) as string },
    ]);
    const sleeping = rows(database.url, 'SELECT pg_sleep(60)').catch((error: { code: string }) => error.code);
    const asleep = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    await eventually('somebody is connected', async () => (await rows(database.url, asleep)).length === 1);
    await database.drop();
    await database.drop();
    expect(await sleeping).toBe('57P01');
    await expect(rows(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('fits into the length of a name', () => {
    expect(databaseName('a'.repeat(200))).toHaveLength(5 + 40 + 11);
    expect(databaseName('é!')).toMatch(/^test__[0-9a-f]{10}$/);
  });
});
