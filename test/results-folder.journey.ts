import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

interface Followed extends JobAnswer {
  followUps: { event: string; state: string; lastError: string | null }[];
}

describe('The folder of results', () => {
  let world: World;
  let home: string;
  let folder: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'results-'));
    folder = join(home, 'made', 'results');
    world = await (await World.create('results-folder', { env: { RESULTS_DIR: folder } })).start();
  });

  afterAll(async () => {
    await world.end();
    await rm(home, { recursive: true, force: true });
  });

  const copied = (id: string, state: string) =>
    eventually(`the copy is ${state}`, async () => {
      const { body } = await world.client.get<Followed>(`/v1/jobs/${id}`);
      const copy = body.followUps.find(({ event }) => event === 'job.result_copy');
      return copy?.state === state ? body : null;
    });

  it('gets each result as a file, named by kind, UTC time and job', async () => {
    const { id } = await world.diarize();
    const job = await copied(id, 'done');
    const stamp = (job.settledAt ?? '').slice(0, 19).replace(/[-:]/g, '').replace('T', '_');
    expect(await readdir(folder)).toEqual([`diarization_${stamp}_${id}.json`]);
    expect(JSON.parse(await readFile(join(folder, `diarization_${stamp}_${id}.json`), 'utf8'))).toEqual(job.result);
  });

  it('gets nothing of a job that failed', async () => {
    const before = await readdir(folder);
    await world.vendor.fault('fail');
    const { id } = await world.diarize();
    const { followUps } = (await world.until(id, 'failed')) as Followed;
    await world.vendor.clearFaults();
    expect([followUps, await readdir(folder)]).toEqual([[], before]);
  });

  it('is tried again when it could not be written, and no file is ever written over', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'in the way');
    const { id } = await world.diarize();
    await eventually('it is tried', async () => {
      const { body } = await world.client.get<Followed>(`/v1/jobs/${id}`);
      return body.followUps.some(({ lastError }) => lastError?.includes('EEXIST'));
    });
    expect((await world.job(id)).status).toBe('succeeded');
    await rm(folder);
    await copied(id, 'done');
    const [name = ''] = await readdir(folder);
    await writeFile(join(folder, name), 'mine');
    await world.db.execute(
      `update follow_ups set due_at = now(), done_at = null where job_id = $1 and event = 'job.result_copy'`,
      [id],
    );
    await copied(id, 'done');
    expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
  });

  it('has to be one that can be written, or the service does not start', async () => {
    const blocked = await World.create('results-blocked', { env: { RESULTS_DIR: join(home, 'file', 'below') } });
    await writeFile(join(home, 'file'), '');
    try {
      await expect(blocked.start()).rejects.toThrow(/RESULTS_DIR: .*file\/below cannot be written \(ENOTDIR\)/);
    } finally {
      await blocked.end();
    }
  });
});
