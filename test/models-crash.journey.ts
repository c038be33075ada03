import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { itLong } from './harness/long.js';
import { FileServer } from './harness/file-server.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { finishTraining } from './harness/trainings.js';

const MIB = 1_024 ** 2;
/** What the example of the portrait trainer has. */
const LORA = 144 * MIB;
const MOST_MORE = 64 * MIB;

interface ModelAnswer {
  id: string;
  state: string;
  files: { role: string; sha256: string | null; attempts: number }[];
}

describe('The copy of a model', () => {
  let world: World;
  let vendor: FileServer;
  let db: Client;
  let key: string;
  let service: ServiceProcess;

  beforeAll(async () => {
    vendor = await FileServer.start();
    world = await World.create('models-crash');
    await migrate(world.database.url);
    db = new Client({ connectionString: world.database.url });
    await db.connect();
    key = await insertKey(db);
    service = await ServiceProcess.start(world.env, await freePort()).ready();
  }, 240_000);

  afterAll(async () => {
    await service?.kill('SIGTERM');
    await db?.end();
    await vendor.stop();
    await world?.end();
  });

  const models = async (job: string) =>
    (await new ApiClient(service.url, key).get<{ items: ModelAnswer[] }>(`/v1/models?job=${job}`)).body.items;
  const ready = (job: string) =>
    eventually(
      'the model is ready',
      async () => {
        const [model] = await models(job);
        if (model?.state !== 'ready') throw new Error(JSON.stringify(model));
        return model;
      },
      60_000,
    );
  async function download(id: string): Promise<string> {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${service.url}/v1/models/${id}/files/lora`, { headers });
    const hash = createHash('sha256');
    for await (const chunk of response.body ?? []) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  }

  it('outlives a process that is killed in its middle: one model, one event, the right bytes', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const bytes = randomBytes(4 * MIB);
    const job = await finishTraining(db, {
      result: { diffusers_lora_file: vendor.put('/lora', { bytes, tagged: true, held }) },
    });
    await eventually('half of it is on its way', async () => Promise.resolve(vendor.sent >= 2 * MIB));
    expect(await models(job)).toMatchObject([{ state: 'copying' }]);
    await service.kill('SIGKILL');
    release();
    service = await ServiceProcess.start(world.env, await freePort()).ready();

    const model = await ready(job);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(model.files).toMatchObject([{ role: 'lora', sha256, attempts: 2 }]);
    expect(await download(model.id)).toBe(sha256);
    expect(await models(job)).toHaveLength(1);
    await eventually('its follow-up is done', async () => {
      const { rows } = await db.query('select done_at from follow_ups where job_id = $1 and done_at is not null', [
        job,
      ]);
      return rows.length === 1;
    });
    const events = await db.query(`select seq from events where job_id = $1 and type = 'model.ready'`, [job]);
    expect(events.rows).toHaveLength(1);
    // What the killed process had written of it lies there still, until the tidying comes by.
    const whole = (await readdir(join(world.home, 'files'))).filter((name) => !name.endsWith('.part'));
    expect(whole).toHaveLength(1);
  });

  itLong(
    'leaves nothing behind for ever when the process dies between the file and its row',
    async () => {
      let release = () => undefined as void;
      const held = new Promise<void>((resolve) => (release = resolve));
      const bytes = randomBytes(MIB);
      const job = await finishTraining(db, {
        result: { diffusers_lora_file: vendor.put('/between', { bytes, held }) },
      });
      await eventually('the model is shown', async () => (await models(job))[0]);
      await db.query('begin');
      await db.query('select 1 from models where job_id = $1 for update', [job]);
      release();
      const copies = `select id, expires_at as expires from files where size = ${MIB} and deleted_at is null order by id`;
      await eventually('the copy is on disk', async () => (await db.query(copies)).rows[0] as unknown);
      await service.kill('SIGKILL');
      await db.query('rollback');
      service = await ServiceProcess.start(world.env, await freePort()).ready();

      const model = await ready(job);
      expect(await download(model.id)).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect((await db.query(copies)).rows).toMatchObject([{ expires: expect.any(Date) as Date }, { expires: null }]);
      const events = await db.query(`select seq from events where job_id = $1 and type = 'model.ready'`, [job]);
      expect(events.rows).toHaveLength(1);
    },
    120_000,
  );

  // The kernel keeps the peak of a process's memory only where there is /proc.
  (process.platform === 'linux' ? it : it.skip)(
    'takes no more memory for a large file than for a small one',
    async () => {
      const memory = (field: string) => {
        const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
        return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
      };
      const bytes = randomBytes(LORA);
      const file = vendor.put('/large', { bytes, tagged: true });
      writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
      const before = memory('VmRSS');
      const model = await ready(await finishTraining(db, { result: { diffusers_lora_file: file } }));
      expect(model.files[0]?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(await download(model.id)).toBe(model.files[0]?.sha256);
      const more = memory('VmHWM') - before;
      process.stdout.write(
        `${LORA / MIB} MiB: ${(more / MIB).toFixed(1)} MiB more than ${(before / MIB).toFixed(0)}\n`,
      );
      expect(more).toBeLessThan(MOST_MORE);
    },
    120_000,
  );
});
