import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { insertKey } from './harness/raw-key.js';
import { postPhotos, sample } from './harness/receipts.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';

jest.setTimeout(120_000);

const NAMES = ['en-01-bakery', 'en-02-hardware', 'en-05-market'];

interface Row {
  status: string;
  resubmits: number;
  asked: boolean;
}

describe('A process that is killed with -9 in the middle of several photos', () => {
  it('costs each of them at most one more try', async () => {
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
      const { status, body } = await postPhotos(NAMES.map(sample), {
        url: victim.url,
        key,
        fields: { reader: 'stub' },
      });
      expect(status).toBe(202);
      const rows = async () =>
        (await db.query('select status, resubmits, asked_at is not null as asked from jobs order by id'))
          .rows as unknown as Row[];
      await eventually('all are in hand', async () =>
        (await rows()).every((row) => row.status === 'submitting' && row.asked),
      );
      await victim.kill();

      survivor = await ServiceProcess.start(world.env, port).ready();
      const api = new ApiClient(survivor.url, key);
      await eventually(
        'all are read',
        async () => (await api.get<{ settled: number }>(`/v1/batches/${body.batch}`)).body.settled === NAMES.length,
        60_000,
      );
      for (const row of await rows()) {
        expect(row.status).toBe('succeeded');
        expect(row.resubmits).toBe(1);
      }
    } finally {
      await survivor?.kill('SIGTERM');
      await db.end();
      await world.end();
    }
  });
});
