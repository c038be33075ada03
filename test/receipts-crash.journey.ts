import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { itLong } from './harness/long.js';
import { insertKey } from './harness/raw-key.js';
import { postPhotos, sample } from './harness/receipts.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';

const NAMES = ['en-01-bakery', 'en-02-hardware', 'en-05-market'];
const photos = (count: number) => Array.from({ length: count }, (_, i) => sample(NAMES[i % NAMES.length] ?? ''));

interface Row {
  status: string;
  resubmits: number;
  asked: boolean;
}

describe('A process that is killed with -9 in the middle of several photos', () => {
  it('costs each of them at most one more try', () => killedWith(3, 0));

  itLong('that are twenty costs each of them at most one more try, and those that are done none', () =>
    killedWith(20, 2),
  );

  /** Killed when so many of them are done, and all others are in hand. */
  async function killedWith(count: number, done: number): Promise<void> {
    const world = await World.create('receipts-crash', { factor: 0.02, env: { PHOTOS_WORKERS: '1' } });
    const db = new Client({ connectionString: world.database.url });
    let survivor: ServiceProcess | null = null;
    try {
      await migrate(world.database.url);
      await db.connect();
      const key = await insertKey(db, ['jobs:read', 'jobs:write']);
      const port = await freePort();
      const victim = await ServiceProcess.start(world.env, port).ready();
      // Three seconds each outside of all threads: the process surely dies with photos in hand.
      const { status, body } = await postPhotos(photos(count), {
        url: victim.url,
        key,
        fields: { reader: 'stub' },
      });
      expect(status).toBe(202);
      const rows = async () =>
        (await db.query('select status, resubmits, asked_at is not null as asked from jobs order by id'))
          .rows as unknown as Row[];
      const ended = (row: Row) => row.status === 'succeeded';
      const before = await eventually('all that are left are in hand', async () => {
        const now = await rows();
        const isTime =
          now.filter(ended).length >= done &&
          now.every((row) => ended(row) || (row.status === 'submitting' && row.asked));
        return isTime && now;
      });
      await victim.kill();
      expect(before.filter(ended).length).toBeLessThan(count);

      survivor = await ServiceProcess.start(world.env, port).ready();
      const api = new ApiClient(survivor.url, key);
      await eventually(
        'all are read',
        async () => (await api.get<{ settled: number }>(`/v1/batches/${body.batch}`)).body.settled === count,
        60_000,
      );
      const after = await rows();
      expect(after.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'succeeded'));
      for (const { resubmits } of after) expect(resubmits).toBeLessThanOrEqual(1);
      // Between the look and the blow one or the other may have ended.
      const hit = after.filter(({ resubmits }) => resubmits === 1).length;
      expect(hit).toBeGreaterThan((count - before.filter(ended).length) / 2);
      after.forEach(({ resubmits }, i) => before[i] && ended(before[i]) && expect(resubmits).toBe(0));
    } finally {
      await survivor?.kill('SIGTERM');
      await db.end();
      await world.end();
    }
  }
});
