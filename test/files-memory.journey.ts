import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { UploadRequest, flood } from './harness/upload.js';
import type { Sent } from './harness/upload.js';

const MIB = 1_024 ** 2;
/** `npm run check:upload` sends a GiB; the suite is content with less. */
const SIZE = Number(process.env.UPLOAD_MIB ?? 200) * MIB;
const MOST_MORE = 64 * MIB;
const BOUNDARY = 'a-boundary';

// The kernel keeps the peak of a process's memory only where there is /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux(`A file of ${SIZE / MIB} MiB`, () => {
  let world: World;
  let db: Client;
  let service: ServiceProcess;
  let key: string;

  beforeAll(async () => {
    const env = { FILES_MAX_BYTES: String(2 * SIZE), FILES_QUOTA_BYTES: String(4 * SIZE) };
    world = await World.create('files-memory', { env });
    await migrate(world.database.url);
    db = new Client({ connectionString: world.database.url });
    await db.connect();
    key = await insertKey(db, ['jobs:read', 'files:write']);
    service = await ServiceProcess.start(world.env, await freePort()).ready();
    // Both ways once, so that what is measured is the file and not the code.
    await sendWhole(MIB);
    await sendForm(MIB);
  });

  afterAll(async () => {
    await service?.kill('SIGTERM');
    await db?.end();
    await world?.end();
  });

  /** How much more memory than before the process had at its peak. */
  async function growth(work: () => Promise<void>): Promise<number> {
    // 5: the peak counts from here (man 5 proc).
    writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
    const before = memory('VmRSS');
    await work();
    const more = memory('VmHWM') - before;
    process.stdout.write(
      `${SIZE / MIB} MiB: ${(more / MIB).toFixed(1)} MiB more than ${(before / MIB).toFixed(0)} MiB\n`,
    );
    return more;
  }

  function memory(field: string): number {
    const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
  }

  async function send(headers: Record<string, string>, size: number, before = '', after = ''): Promise<Sent> {
    const request = new UploadRequest(service.url, key, headers);
    const hash = createHash('sha256');
    await request.write(Buffer.from(before));
    for (const chunk of flood(size)) {
      hash.update(chunk);
      await request.write(chunk);
    }
    await request.write(Buffer.from(after));
    const sent = await request.end();
    expect([sent.status, sent.body.size, sent.body.sha256]).toEqual([201, size, hash.digest('hex')]);
    return sent;
  }

  const sendWhole = (size: number) => send({ 'content-length': String(size) }, size);
  const sendForm = (size: number) =>
    send(
      { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      size,
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n`,
      `\r\n--${BOUNDARY}--\r\n`,
    );

  async function fetchAll({ body }: Sent): Promise<void> {
    const url = `${service.url}/v1/files/${body.id}/content`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    const hash = createHash('sha256');
    for await (const chunk of response.body ?? []) hash.update(chunk as Uint8Array);
    expect(hash.digest('hex')).toBe(body.sha256);
  }

  let whole: Sent;

  it('is taken in without being held in memory', async () => {
    const more = await growth(async () => void (whole = await sendWhole(SIZE)));
    expect(more).toBeLessThan(MOST_MORE);
  }, 300_000);

  it('is taken in as part of a form without being held in memory', async () => {
    expect(await growth(async () => void (await sendForm(SIZE)))).toBeLessThan(MOST_MORE);
  }, 300_000);

  it('is given out without being held in memory', async () => {
    expect(await growth(() => fetchAll(whole))).toBeLessThan(MOST_MORE);
  }, 300_000);
});
