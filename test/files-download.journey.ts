import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { ApiClient } from './harness/api-client.js';
import { World } from './harness/service.js';
import { sha256, upload } from './harness/upload.js';
import type { FileAnswer } from './harness/upload.js';

const audio = readFileSync(resolve(__dirname, '../examples/audio/two-voices.wav'));

interface Documented {
  tags: string[];
  responses: object;
  requestBody?: { content: object };
}

interface Listed {
  items: FileAnswer[];
  nextCursor: string | null;
}

describe('A file of a team', () => {
  let world: World;
  let key: string;
  let api: ApiClient;
  let file: FileAnswer;

  beforeAll(async () => {
    world = await (await World.create('files-download')).start({ SIGNALBOX_TIME_FACTOR: '1' });
    key = await world.key(['files:write', 'jobs:read']);
    api = new ApiClient(world.url, key);
    const name = encodeURIComponent('Größe "1".wav');
    file = (await upload(world.url, key, audio, { query: `?name=${name}` })).body;
  });

  afterAll(() => world.end());

  /** By hand: fetch hides lengths, and gives HEAD no way to lie. */
  function get(headers: Record<string, string> = {}, method = 'GET', path = `/v1/files/${file.id}/content`) {
    return new Promise<{ status: number; headers: Record<string, string | undefined>; bytes: Buffer }>(
      (done, failed) => {
        const options = { method, headers: { authorization: `Bearer ${key}`, ...headers } };
        const sent = request(new URL(path, world.url), options, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part)).on('error', failed);
          response.on('end', () => {
            const named = response.headers as Record<string, string | undefined>;
            done({ status: response.statusCode ?? 0, headers: named, bytes: Buffer.concat(parts) });
          });
        });
        sent.on('error', failed).end();
      },
    );
  }

  it('comes back byte by byte, as a download that no browser runs', async () => {
    const { status, headers, bytes } = await get();
    expect(status).toBe(200);
    expect(bytes.equals(audio)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': String(audio.length),
      'content-disposition': `attachment; filename="Gr__e _1_.wav"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.wav`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      etag: `"${sha256(audio).toString('hex')}"`,
      'repr-digest': `sha-256=:${sha256(audio).toString('base64')}:`,
    });
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=1000-1000', 1_000, 1_001],
    [`bytes=${audio.length - 10}-`, audio.length - 10, audio.length],
    ['bytes=-500', audio.length - 500, audio.length],
    [`bytes=-${audio.length * 2}`, 0, audio.length],
    [`bytes=100-${audio.length * 2}`, 100, audio.length],
  ])('comes in parts: %s', async (range, from, to) => {
    const { status, headers, bytes } = await get({ range });
    expect([status, headers['content-range']]).toEqual([206, `bytes ${from}-${to - 1}/${audio.length}`]);
    expect(headers['content-length']).toBe(String(to - from));
    expect(bytes.equals(audio.subarray(from, to))).toBe(true);
  });

  it.each(['bytes=0-1,5-6', 'bytes=9-5', 'lines=1-2', 'bytes=x-'])('comes whole for %s', async (range) => {
    const { status, bytes } = await get({ range });
    expect([status, bytes.length]).toEqual([200, audio.length]);
  });

  it.each([`bytes=${audio.length}-`, 'bytes=99999999-', 'bytes=-0'])('has no %s', async (range) => {
    const { status, headers, bytes } = await get({ range });
    expect([status, headers['content-range']]).toEqual([416, `bytes */${audio.length}`]);
    expect(JSON.parse(bytes.toString())).toMatchObject({ code: 'range_not_satisfiable' });
  });

  it('comes in parts only of the very file that the caller began with', async () => {
    const etag = `"${file.sha256}"`;
    const range = 'bytes=0-9';
    expect((await get({ range, 'if-range': etag })).status).toBe(206);
    for (const other of ['"other"', `W/${etag}`, 'Sat, 21 Nov 2026 10:00:00 GMT'])
      expect((await get({ range, 'if-range': other })).status).toBe(200);
  });

  it('is not sent to a caller who has it', async () => {
    const { status, bytes } = await get({ 'if-none-match': `"x", "${file.sha256}"` });
    expect([status, bytes.length]).toEqual([304, 0]);
  });

  it('tells its length and its parts without its bytes', async () => {
    const whole = await get({}, 'HEAD');
    expect([whole.status, whole.bytes.length, whole.headers['content-length']]).toEqual([200, 0, String(audio.length)]);
    expect(whole.headers.etag).toBe(`"${file.sha256}"`);
    const part = await get({ range: 'bytes=0-9' }, 'HEAD');
    expect([part.status, part.headers['content-length']]).toEqual([206, '10']);
    expect((await get({}, 'HEAD', `/v1/files/${file.id}`)).status).toBe(200);
  });

  it('is a 404 to everybody else', async () => {
    await world.team('strangers');
    const stranger = new ApiClient(world.url, await world.key(['files:write', 'jobs:read'], 'strangers'));
    for (const path of [`/v1/files/${file.id}`, `/v1/files/${file.id}/content`]) {
      const got = await stranger.get(path);
      expect([got.status, got.body.code]).toEqual([404, 'file_not_found']);
    }
    expect((await stranger.ask(`/v1/files/${file.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await stranger.get<Listed>('/v1/files')).body.items).toEqual([]);
    expect((await api.get(`/v1/files/${file.id}`)).status).toBe(200);
  });

  it.each(['x', '../../etc/passwd', '00000000-0000-0000-0000-000000000000', '%00'])(
    'is a 404 under an id that nobody gave out: %s',
    async (id) => {
      expect((await api.get(`/v1/files/${encodeURIComponent(id)}`)).status).toBe(404);
      expect((await api.get(`/v1/files/${encodeURIComponent(id)}/content`)).status).toBe(404);
    },
  );

  it('is listed page by page, newest first, without what was deleted', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await upload(world.url, key, Buffer.from(`${i}`))).body.id);
    const [deleted, ...kept] = made;
    expect((await api.ask(`/v1/files/${deleted}`, { method: 'DELETE' })).status).toBe(204);
    const ids: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await api.get<Listed>(`/v1/files?limit=2&purpose=upload${query}`);
      ids.push(...body.items.map((item) => item.id));
      cursor = body.nextCursor;
      expect(page).toBeLessThan(5);
    }
    expect(ids).toEqual([...kept, file.id]);
    expect((await api.get<Listed>('/v1/files?purpose=result')).body.items).toEqual([]);
    expect((await api.get('/v1/files?purpose=other')).status).toBe(400);
    expect((await api.get('/v1/files?cursor=x')).status).toBe(400);
  });

  it('is gone once it is deleted, and deleting it again changes nothing', async () => {
    const { body } = await upload(world.url, key, audio);
    for (let i = 0; i < 2; i++) expect((await api.ask(`/v1/files/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    for (const path of ['', '/content']) {
      const got = await api.get(`/v1/files/${body.id}${path}`);
      expect([got.status, got.body.code]).toEqual([410, 'file_gone']);
    }
  });

  it('is read to the end by who has begun, even if it is deleted meanwhile', async () => {
    const { body } = await upload(world.url, key, Buffer.concat([audio, audio, audio, audio]));
    const response = await fetch(`${world.url}/v1/files/${body.id}/content`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect((await api.ask(`/v1/files/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(sha256(Buffer.from(await response.arrayBuffer())).toString('hex')).toBe(body.sha256);
  });

  it('whose bytes are not on disk any more is shown as lost', async () => {
    const { body } = await upload(world.url, key, audio);
    await rm(join(world.home, 'files', body.id));
    const got = await api.get(`/v1/files/${body.id}/content`);
    expect([got.status, got.body.code]).toEqual([410, 'file_lost']);
    expect((await api.get(`/v1/files/${body.id}`)).body.state).toBe('lost');
  });

  it('is described in the documentation', async () => {
    const { body } = await api.get<{ paths: Record<string, Record<string, Documented>> }>('/docs-json');
    const paths = Object.entries(body.paths).filter(([path]) => path.startsWith('/v1/files'));
    expect(paths.map(([path, methods]) => [path, Object.keys(methods).sort()])).toEqual([
      ['/v1/files', ['get', 'post']],
      ['/v1/files/{id}', ['delete', 'get']],
      ['/v1/files/{id}/content', ['get']],
    ]);
    for (const [, methods] of paths)
      for (const { tags, responses } of Object.values(methods)) {
        expect(tags).toEqual(['files']);
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403']));
      }
    expect(Object.keys(body.paths['/v1/files']?.post?.requestBody?.content ?? {})).toEqual([
      'application/octet-stream',
      'multipart/form-data',
    ]);
  });
});
