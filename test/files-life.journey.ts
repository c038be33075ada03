import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { FilesService } from '../src/kernel/files/files.service.js';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { itLong } from './harness/long.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { UploadRequest, upload } from './harness/upload.js';

const audio = readFileSync(resolve(__dirname, '../examples/audio/two-voices.wav'));
const HOUR_AGO = new Date(Date.now() - 3_600_000);

describe('The life of a file', () => {
  let world: World;
  let key: string;
  let api: ApiClient;
  let folder: string;

  beforeAll(async () => {
    // A minute passes in 60 ms; an upload lives for 3 s.
    const env = { FILES_TTL: '3000' };
    world = await (await World.create('files-life', { factor: 0.001, env })).start();
    key = await world.key(['files:write', 'jobs:read']);
    api = new ApiClient(world.url, key);
    folder = join(world.home, 'files');
  });

  afterAll(() => world.end());

  it('ends when its time is over: it is gone, marked, and off the disk', async () => {
    const { body } = await upload(world.url, key, audio);
    expect((await api.get(`/v1/files/${body.id}`)).status).toBe(200);
    await eventually('it is gone', async () => (await api.get(`/v1/files/${body.id}`)).status === 410);
    await eventually('it is off the disk', async () => !(await readdir(folder)).includes(body.id));
    const [row] = await world.db.query<{ deleted_at: Date }>('select deleted_at from files where id = $1', [body.id]);
    expect(row?.deleted_at).toEqual(expect.any(Date));
  });

  it('is as long as the code of the house needs it', async () => {
    const files = world.app.get(FilesService);
    const { body } = await upload(world.url, key, audio);
    const [team] = await world.db.query<{ id: string }>('select id from teams');
    const keep = (id: string, team: string) => world.db.unitOfWork((tx) => files.keepAlive(tx, team, id, 60_000));
    expect(await keep(body.id, team?.id ?? '')).toBe(true);
    expect(await keep(body.id, body.id)).toBe(false);
    const { expiresAt } = (await api.get(`/v1/files/${body.id}`)).body;
    expect(Date.parse(String(expiresAt))).toBeGreaterThan(Date.now() + 50_000);
    await api.ask(`/v1/files/${body.id}`, { method: 'DELETE' });
    expect(await keep(body.id, team?.id ?? '')).toBe(false);
  });

  it('of a result has no end, and its bytes are those that came', async () => {
    const files = world.app.get(FilesService);
    const [team] = await world.db.query<{ id: string }>('select id from teams');
    async function* bytes() {
      yield Buffer.from('{"score":');
      yield await Promise.resolve(Buffer.from('[1]}'));
    }
    const teamId = team?.id ?? '';
    const file = await files.keepResult({ teamId, name: 'scores.json', mediaType: 'application/json', bytes: bytes() });
    expect(file).toMatchObject({ purpose: 'result', expiresAt: null, size: 13 });
    expect((await api.get(`/v1/files/${file.id}/content`)).body).toEqual({ score: [1] });
    async function* broken() {
      yield Buffer.from('half');
      await Promise.reject(new Error('the vendor hung up'));
    }
    await expect(files.keepResult({ teamId, name: 'x', bytes: broken() })).rejects.toThrow('the vendor hung up');
    await eventually('nothing of it is kept', async () => !(await readdir(folder)).some((name) => /part$/.test(name)));
  });

  it('leaves nothing behind: what has no row is removed once it is old, what is young or strange stays', async () => {
    const [old, young, draft] = [randomId(), randomId(), `${randomId()}.part`];
    for (const name of [old, young, draft, 'notes.txt']) await writeFile(join(folder, name), 'x');
    for (const name of [old, draft, 'notes.txt']) await utimes(join(folder, name), HOUR_AGO, HOUR_AGO);
    await eventually('the old ones are removed', async () => {
      const names = await readdir(folder);
      return !names.includes(old) && !names.includes(draft);
    });
    expect(await readdir(folder)).toEqual(expect.arrayContaining([young, 'notes.txt']));
  });

  it('is shown as lost while its bytes are away, and as ready when they are back', async () => {
    const { body } = await upload(world.url, key, audio);
    await world.db.execute(
      `update files set created_at = now() - interval '1 hour', expires_at = now() + interval '1 hour' where id = $1`,
      [body.id],
    );
    const [here, away] = [join(folder, body.id), join(world.home, 'away')];
    const state = async () => (await api.get(`/v1/files/${body.id}`)).body.state;
    await rename(here, away);
    await eventually('it is lost', async () => (await state()) === 'lost');
    await rename(away, here);
    await eventually('it is back', async () => (await state()) === 'ready');
  });

  itLong('may be cut short by the end of the service, which waits for nobody who goes on for ever', async () => {
    const other = await (await World.create('files-end', { factor: 0.1 })).start();
    try {
      const { url } = other;
      const dir = join(other.home, 'files');
      const known = await other.key(['files:write', 'jobs:read']);
      const large = await upload(url, known, Buffer.alloc(30_000_000));
      const endless = new UploadRequest(url, known);
      await endless.write(audio);
      await eventually('it has begun to arrive', async () => (await readdir(dir)).length === 2);
      // Downloaded by somebody who never reads on.
      const stuck = await fetch(`${url}/v1/files/${large.body.id}/content`, {
        headers: { authorization: `Bearer ${known}` },
      });
      expect(stuck.status).toBe(200);
      await other.stop();
      expect(await readdir(dir)).toEqual([large.body.id]);
      await expect(endless.end()).rejects.toThrow();
      await expect(stuck.arrayBuffer()).rejects.toThrow();
    } finally {
      await other.end();
    }
  });

  itLong(
    'does not begin with an upload in whose middle the process is killed with -9',
    async () => {
      const other = await World.create('files-kill', { factor: 0.001, env: { FILES_TTL: '604800' } });
      const db = new Client({ connectionString: other.database.url });
      const dir = join(other.home, 'files');
      const started: ServiceProcess[] = [];
      const start = async (port: number) => {
        const service = ServiceProcess.start(other.env, port);
        started.push(service);
        return service.ready();
      };
      try {
        await migrate(other.database.url);
        await db.connect();
        const known = await insertKey(db, ['jobs:read', 'files:write']);
        const port = await freePort();
        const victim = await start(port);
        const kept = await upload(victim.url, known, audio, { query: '?name=kept.wav' });
        const cut = new UploadRequest(victim.url, known, { 'content-length': String(audio.length) });
        await cut.write(audio.subarray(0, audio.length / 2));
        const orphan = await eventually('it has begun to arrive', async () =>
          (await readdir(dir)).find((name) => name !== kept.body.id),
        );
        await victim.kill('SIGKILL');
        expect(await readdir(dir)).toContain(orphan);
        // Its hour passes.
        await utimes(join(dir, orphan), HOUR_AGO, HOUR_AGO);

        const survivor = await start(port);
        await eventually('the orphan is removed', async () => !(await readdir(dir)).includes(orphan));
        expect(await readdir(dir)).toEqual([kept.body.id]);
        const { rows } = await db.query('select id from files');
        expect(rows).toEqual([{ id: kept.body.id }]);
        const again = new ApiClient(survivor.url, known);
        expect((await again.get(`/v1/files/${kept.body.id}`)).body).toEqual(kept.body);
      } finally {
        for (const service of started) await service.kill('SIGTERM');
        await db.end();
        await other.end();
      }
    },
    60_000,
  );
});

const randomId = () => '00000000-0000-7000-8000-' + randomBytes(6).toString('hex');
