import { readFileSync, writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { HugeVendor } from './harness/huge-vendor.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';

const MIB = 1_024 ** 2;
/** A day of frame scores, for one speaker and all in all, has about 30; the suite is content with a few days. */
const SIZE = Number(process.env.RESULT_MIB ?? 120);
const MOST_MORE = 64 * MIB;

// The kernel keeps the peak of a process's memory only where there is /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux(`A result of ${SIZE} MiB`, () => {
  let vendor: HugeVendor;
  let world: World;
  let db: Client;
  let service: ServiceProcess;
  let api: ApiClient;
  let key: string;
  let id: string;

  beforeAll(async () => {
    vendor = await HugeVendor.start();
    world = await World.create('results-memory', { env: { PYANNOTEAI_BASE_URL: vendor.url } });
    await migrate(world.database.url);
    db = new Client({ connectionString: world.database.url });
    await db.connect();
    key = await insertKey(db);
    service = await ServiceProcess.start(world.env, await freePort()).ready();
    api = new ApiClient(service.url, key);
    // All of it once, so that what is measured is the result and not the code.
    id = await take(8);
    await download();
    await (await fetchResult('?format=svg')).text();
  });

  afterAll(async () => {
    await service?.kill('SIGTERM');
    await db?.end();
    await world?.end();
    await vendor?.stop();
  });

  /** How much more memory than before the process had at its peak. */
  async function growth(what: string, work: () => Promise<unknown>): Promise<number> {
    // 5: the peak counts from here (man 5 proc).
    writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
    const before = memory('VmRSS');
    await work();
    const more = memory('VmHWM') - before;
    process.stdout.write(
      `${SIZE} MiB ${what}: ${(more / MIB).toFixed(1)} MiB more than ${(before / MIB).toFixed(0)} MiB\n`,
    );
    return more;
  }

  function memory(field: string): number {
    const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
  }

  async function take(mib: number): Promise<string> {
    const body = { url: `https://files.example.com/${mib}`, webhook: false, confidence: true };
    const made = await api.post<JobAnswer>('/v1/diarizations', body);
    const done = async () => (await api.get<JobAnswer>(`/v1/jobs/${made.body.id}`)).body.status === 'succeeded';
    await eventually('the result is kept', done, 120_000);
    return made.body.id;
  }

  const fetchResult = (query: string, coding = 'identity') =>
    fetch(`${service.url}/v1/jobs/${id}/result${query}`, {
      headers: { authorization: `Bearer ${key}`, 'accept-encoding': coding },
    });

  async function download(): Promise<number> {
    let bytes = 0;
    for await (const chunk of (await fetchResult('')).body ?? []) bytes += (chunk as Uint8Array).length;
    return bytes;
  }

  it('is fetched from the vendor without being held in memory', async () => {
    expect(await growth('in', async () => void (id = await take(SIZE)))).toBeLessThan(MOST_MORE);
  }, 180_000);

  it('is given out without being held in memory', async () => {
    let bytes = 0;
    expect(await growth('out', async () => void (bytes = await download()))).toBeLessThan(MOST_MORE);
    expect(bytes).toBeGreaterThan(SIZE * MIB);
  }, 180_000);

  it('is made into a picture without being held in memory', async () => {
    let text = '';
    const draw = async () => void (text = await (await fetchResult('?format=svg')).text());
    expect(await growth('drawn', draw)).toBeLessThan(MOST_MORE);
    expect(text).toContain('SPEAKER_02');
  }, 180_000);
});
