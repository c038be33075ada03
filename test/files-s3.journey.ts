import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { itLong } from './harness/long.js';
import { HugeVendor } from './harness/huge-vendor.js';
import { S3Server } from './harness/s3-server.js';
import { World } from './harness/service.js';
import { UploadRequest, flood, sha256, upload } from './harness/upload.js';

const MIB = 1_024 ** 2;
const HOUR = 3_600_000;
const QUOTA = 24 * MIB;
const audio = readFileSync(resolve(__dirname, '../examples/audio/two-voices.wav'));

describe('Files in S3', () => {
  let s3: S3Server;
  let vendor: HugeVendor;
  let world: World;
  let copies: string;
  let key: string;
  let api: ApiClient;

  beforeAll(async () => {
    s3 = await S3Server.start();
    vendor = await HugeVendor.start();
    copies = await mkdtemp(join(tmpdir(), 'signalbox-copies-'));
    const env = { ...s3.env, PYANNOTEAI_BASE_URL: vendor.url, RESULTS_DIR: copies, FILES_QUOTA_BYTES: String(QUOTA) };
    world = await (await World.create('files-s3', { factor: 0.002, env: { ...env, FILES_TTL: '3000000' } })).start();
    key = await world.key(['files:write', 'jobs:read']);
    api = world.client.withKey(key);
  }, 60_000);

  afterAll(async () => {
    await world?.end();
    await vendor?.stop();
    await s3?.stop();
    await rm(copies, { recursive: true, force: true });
  });

  const send = (bytes: Uint8Array, headers: Record<string, string> = {}) => upload(world.url, key, bytes, { headers });
  const contentOf = (id: string, headers: Record<string, string> = {}) =>
    fetch(`${world.url}/v1/files/${id}/content`, { headers: { authorization: `Bearer ${key}`, ...headers } });
  const storage = async () => {
    const { status, body } = await world.client.get<{ details: Record<string, { status: string }> }>('/health');
    return [status, body.details.storage?.status];
  };

  async function away(work: () => Promise<void>): Promise<void> {
    await s3.goAway();
    try {
      await work();
    } finally {
      await s3.comeBack();
    }
  }

  it('are there byte by byte, whole and in part, and none is on disk', async () => {
    const sent = await send(audio, { 'content-digest': `sha-256=:${sha256(audio).toString('base64')}:` });
    expect([sent.status, sent.body.sha256]).toEqual([201, sha256(audio).toString('hex')]);
    const { id } = sent.body;
    expect(await s3.objects()).toEqual([id]);
    const whole = await contentOf(id);
    expect(Buffer.from(await whole.arrayBuffer()).equals(audio)).toBe(true);
    const part = await contentOf(id, { range: 'bytes=1000-1999' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1000-1999/${audio.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(audio.subarray(1000, 2000))).toBe(true);
    expect((await contentOf(id, { range: 'bytes=-10' })).headers.get('content-length')).toBe('10');
    expect(existsSync(join(world.home, 'files'))).toBe(false);
    expect((await api.ask(`/v1/files/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await s3.objects()).toEqual([]);
  });

  itLong('of many parts are there when they are whole, and not before', async () => {
    const request = new UploadRequest(world.url, key);
    const hash = createHash('sha256');
    for (const chunk of flood(17 * MIB)) {
      hash.update(chunk);
      await request.write(chunk);
    }
    await eventually('parts have been sent', async () => (await s3.uploads()).length === 1);
    expect(await s3.objects()).toEqual([]);
    const { status, body } = await request.end();
    expect([status, body.size]).toEqual([201, 17 * MIB]);
    expect(await s3.sha256(body.id)).toBe(hash.digest('hex'));
    expect(await s3.uploads()).toEqual([]);
    await api.ask(`/v1/files/${body.id}`, { method: 'DELETE' });
  });

  itLong('that broke off, or have another digest, or find no room leave nothing', async () => {
    const cut = new UploadRequest(world.url, key);
    for (const chunk of flood(12 * MIB)) await cut.write(chunk);
    await eventually('parts have been sent', async () => (await s3.uploads()).length === 1);
    cut.cut();
    await eventually('its parts are gone', async () => (await s3.uploads()).length === 0);
    const digest = sha256(Buffer.from('other')).toString('base64');
    const wrong = await send(Buffer.alloc(11 * MIB), { 'content-digest': `sha-256=:${digest}:` });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'digest_mismatch']);
    const endless = new UploadRequest(world.url, key);
    for (const chunk of flood(QUOTA + MIB)) await endless.write(chunk);
    expect((await endless.end()).status).toBe(507);
    expect([await s3.objects(), await s3.uploads()]).toEqual([[], []]);
  });

  it('wait while it is away: uploads and downloads are told so, nothing is lost, and health shows it', async () => {
    const { id } = (await send(audio)).body;
    expect(await storage()).toEqual([200, 'up']);
    await away(async () => {
      const refused = await send(audio);
      expect([refused.status, refused.body.code]).toEqual([503, 'storage_unavailable']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const read = await contentOf(id);
      expect([read.status, ((await read.json()) as { code: string }).code]).toEqual([503, 'storage_unavailable']);
      expect((await api.get(`/v1/files/${id}`)).body).toMatchObject({ state: 'ready' });
      expect(await storage()).toEqual([503, 'down']);
      expect(await world.metric(/^signalbox_storage_up /)).toBe(0);
      expect(await world.metric(/^signalbox_storage_failures_total\{operation="get"\}/)).toBeGreaterThan(0);
    });
    expect(await storage()).toEqual([200, 'up']);
    expect(Buffer.from(await (await contentOf(id)).arrayBuffer()).equals(audio)).toBe(true);
    const { body } = await api.get(`/v1/files/${id}`);
    expect(body).toMatchObject({ state: 'ready' });
    await api.ask(`/v1/files/${id}`, { method: 'DELETE' });
  });

  itLong('that are deleted while it is away are removed when it is back', async () => {
    const { id } = (await send(audio)).body;
    await away(async () => {
      expect((await api.ask(`/v1/files/${id}`, { method: 'DELETE' })).status).toBe(204);
    });
    expect(await s3.objects()).toEqual([id]);
    await s3.age(id, HOUR);
    await eventually('the tidying removes it', async () => (await s3.objects()).length === 0);
  });

  itLong('that are lost are told from those that cannot be had now', async () => {
    const { id } = (await send(audio)).body;
    await fetch(`${s3.url}/${s3.bucket}/team/files/${id}`, { method: 'DELETE' });
    const read = await contentOf(id);
    expect([read.status, ((await read.json()) as { code: string }).code]).toEqual([410, 'file_lost']);
    await api.ask(`/v1/files/${id}`, { method: 'DELETE' });
  });

  itLong(
    'hold large results, whose copies wait while it is away',
    async () => {
      const order = { url: 'https://files.example.com/2', webhook: false, confidence: true };
      const { id } = await world.diarize(order);
      await world.until(id, 'succeeded', 60_000);
      await eventually('the copy is written', async () => (await readdir(copies)).length === 1);
      const [name = ''] = await readdir(copies);
      const text = await world.client.get<string>(`/v1/jobs/${id}/result`);
      expect(JSON.parse(readFileSync(join(copies, name), 'utf8'))).toEqual(text.body);

      await rm(join(copies, name));
      await away(async () => {
        const { body } = await world.client.get<{ code: string }>(`/v1/jobs/${id}/result`);
        expect(body.code).toBe('storage_unavailable');
        await world.db.execute(
          `update follow_ups set done_at = null, due_at = now() where job_id = $1 and event = 'job.result_copy'`,
          [id],
        );
        await eventually('it was tried in vain', async () => {
          const [row] = await world.db.query<{ detail: string | null }>(
            `select last_error as detail from follow_ups where job_id = $1 and event = 'job.result_copy'`,
            [id],
          );
          return row?.detail?.includes('storage');
        });
      });
      await eventually('the copy is written', async () => (await readdir(copies)).includes(name), 30_000);
    },
    60_000,
  );

  itLong(
    'that are results wait for it too: their job settles when they are kept',
    async () => {
      const failed = /^signalbox_storage_failures_total\{operation="put"\}/;
      const before = await world.metric(failed);
      let id = '';
      await away(async () => {
        id = (await world.diarize({ url: 'https://files.example.com/2', webhook: false, confidence: true })).id;
        await eventually('it was tried in vain', async () => (await world.metric(failed)) > before);
      });
      await world.until(id, 'succeeded', 60_000);
    },
    40_000,
  );

  itLong('left in parts by a process that died are ended when a day has passed, and not before', async () => {
    const begin = `${s3.url}/${s3.bucket}/team/files/00000000-0000-7000-8000-000000000000?uploads`;
    expect((await fetch(begin, { method: 'POST' })).status).toBe(200);
    const looks = () => s3.requests.filter((line) => line.startsWith('GET') && line.includes('uploads')).length;
    const before = looks();
    await eventually('it was looked at', () => Promise.resolve(looks() > before + 1));
    expect(await s3.uploads()).toHaveLength(1);
    s3.initiated = Date.now() - 25 * HOUR;
    await eventually('it is ended', async () => (await s3.uploads()).length === 0);
  });
});

describe('A service whose bucket is not what it should be', () => {
  it('starts, says so, and does all else', async () => {
    const s3 = await S3Server.start();
    const env = { ...s3.env, FILES_S3_ACCESS_KEY_ID: 'SOMEBODY' };
    const world = await World.create('files-s3-wrong', { env });
    try {
      await world.start();
      const { status, body } = await world.client.get<{ details: Record<string, { status: string }> }>('/health');
      expect([status, body.details.storage?.status]).toEqual([503, 'down']);
      expect((await world.client.get('/health/ready')).status).toBe(200);
      const key = await world.key(['files:write']);
      expect((await upload(world.url, key, audio)).status).toBe(503);
      const { id } = await world.diarize();
      await world.until(id, 'succeeded');
    } finally {
      await world.end();
      await s3.stop();
    }
  });
});
