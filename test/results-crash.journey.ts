import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { HugeVendor } from './harness/huge-vendor.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';

interface Large {
  links: Record<string, string>;
}
interface Scores {
  diarization: { speaker: string }[];
}

const ORDER = { url: 'https://files.example.com/6', webhook: false, confidence: true };

it('A process that dies between file and commit leaves neither a file for ever nor a job without its result', async () => {
  const vendor = await HugeVendor.start();
  const world = await World.create('results-crash', { env: { PYANNOTEAI_BASE_URL: vendor.url } });
  const db = new Client({ connectionString: world.database.url });
  let service: ServiceProcess | null = null;
  try {
    await migrate(world.database.url);
    await db.connect();
    const key = await insertKey(db);
    const port = await freePort();
    service = await ServiceProcess.start({ ...world.env, SIGNALBOX_CRASH_AT: 'check.answered' }, port).ready();
    const api = new ApiClient(service.url, key);
    const { id } = (await api.post<JobAnswer>('/v1/diarizations', ORDER)).body;
    expect(await service.ended).toBe('SIGKILL');
    const lying = 'select id, expires_at as expires from files where deleted_at is null';
    const left = (await db.query<{ id: string; expires: Date | null }>(lying)).rows;
    expect(left).toEqual([{ id: expect.any(String) as string, expires: expect.any(Date) as Date }]);

    service = await ServiceProcess.start(world.env, port).ready();
    const settled = await eventually(
      'the job has its result',
      async () => {
        const { body } = await api.get<JobAnswer & Large>(`/v1/jobs/${id}`);
        return body.status === 'succeeded' ? body : null;
      },
      60_000,
    );
    expect((await api.get<Scores>(settled.links.result ?? '')).body.diarization).toEqual(vendor.turns);
    // Nobody waits an hour.
    await db.query('update files set expires_at = now() where expires_at is not null');
    const files = join(world.home, 'files');
    await eventually(
      'the unclaimed file is gone',
      async () => !(await readdir(files)).includes(left[0]?.id ?? ''),
      60_000,
    );
    expect((await api.get(settled.links.result ?? '')).status).toBe(200);
  } finally {
    await service?.kill('SIGTERM');
    await db.end();
    await world.end();
    await vendor.stop();
  }
});
