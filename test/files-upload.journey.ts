import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { UploadRequest, flood, sha256, upload } from './harness/upload.js';
import type { Sent } from './harness/upload.js';

const KIB = 1_024;
const MAX = 600 * KIB;
const QUOTA = 2_000 * KIB;
const audio = readFileSync(resolve(__dirname, '../examples/audio/two-voices.wav'));

describe('A file that is uploaded', () => {
  let world: World;
  let key: string;
  let folder: string;

  beforeAll(async () => {
    // A body limit below the size of the files: it is not theirs.
    const env = { FILES_MAX_BYTES: String(MAX), FILES_QUOTA_BYTES: String(QUOTA), BODY_LIMIT: '16384' };
    world = await (await World.create('files-upload', { env, factor: 0.1 })).start();
    key = await world.key(['files:write', 'jobs:read']);
    folder = join(world.home, 'files');
  });

  afterEach(async () => {
    for (const { id } of await filesInRows())
      await world.client.withKey(key).ask(`/v1/files/${id}`, { method: 'DELETE' });
  });
  afterAll(() => world.end());

  const send = (bytes: Uint8Array, headers: Record<string, string> = {}, query = '') =>
    upload(world.url, key, bytes, { headers, query });
  const filesInRows = () => world.db.query<{ id: string }>('select id from files where deleted_at is null');

  function expectProblem(answer: Sent, status: number, code: string): void {
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  }

  async function expectNothingKept(): Promise<void> {
    await eventually('nothing is on disk', async () => (await readdir(folder)).length === 0);
    expect(await filesInRows()).toEqual([]);
  }

  it('as the body is kept byte by byte and described', async () => {
    const sent = await send(audio, { 'content-type': 'application/octet-stream', 'x-file-name': 'meeting.wav' });
    expect(sent.status).toBe(201);
    expect(sent.headers.get('location')).toBe(`/v1/files/${sent.body.id}`);
    expect(sent.body).toMatchObject({
      name: 'meeting.wav',
      mediaType: 'audio/wav',
      size: audio.length,
      sha256: sha256(audio).toString('hex'),
      purpose: 'upload',
      state: 'ready',
    });
    expect(Date.parse(sent.body.expiresAt ?? '')).toBeGreaterThan(Date.now());
    expect(await readdir(folder)).toEqual([sent.body.id]);
    expect((await readFile(join(folder, sent.body.id))).equals(audio)).toBe(true);
    const got = await world.client.withKey(key).get(`/v1/files/${sent.body.id}`);
    expect(got.body).toEqual(sent.body);
  });

  it('as JSON, text, a form of the old kind or nothing at all is bytes like any other', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'no type', undefined]) {
      const sent = await send(Buffer.from('{"not":'), type === undefined ? {} : { 'content-type': type });
      expect([type, sent.status, sent.body.size]).toEqual([type, 201, 7]);
    }
  });

  it('as the one file of a form is the same', async () => {
    const form = new FormData();
    form.append('file', new Blob([audio], { type: 'audio/x-wav' }), '../ordner/Größe.wav');
    const response = await fetch(`${world.url}/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    });
    expect(response.status).toBe(201);
    const body = (await response.json()) as Sent['body'];
    expect(body).toMatchObject({ name: 'Größe.wav', mediaType: 'audio/x-wav', size: audio.length });
    expect((await readFile(join(folder, body.id))).equals(audio)).toBe(true);
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['the query', { 'x-file-name': 'b.wav' }, '?name=a.wav', 'a.wav'],
    ['a header of its own', { 'x-file-name': '%D0%BA.wav' }, '', 'к.wav'],
    ['Content-Disposition', { 'content-disposition': 'attachment; filename="c d.wav"' }, '', 'c d.wav'],
    [
      'the extended one',
      { 'content-disposition': `attachment; filename=x; filename*=UTF-8''%e2%82%ac.wav` },
      '',
      '€.wav',
    ],
    ['a path, of which the end counts', {}, '?name=..%2F..%2Fetc%2Fpasswd', 'passwd'],
    ['something invisible', {}, '?name=%00%E2%80%AE%20.%20', 'unnamed'],
    ['nothing', {}, '', 'unnamed'],
  ])('is named by %s', async (_what, headers, query, name) => {
    const sent = await send(Buffer.from('x'), headers, query);
    expect([sent.status, sent.body.name]).toEqual([201, name]);
  });

  it('twice under one name is two files', async () => {
    const [one, two] = await Promise.all([send(audio, {}, '?name=a.wav'), send(audio, {}, '?name=a.wav')]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.id).not.toBe(two.body.id);
    expect((await readdir(folder)).sort()).toEqual([one.body.id, two.body.id].sort());
  });

  it('is checked against the digest that came with it', async () => {
    const digest = sha256(audio).toString('base64');
    const right: Record<string, string>[] = [
      { 'content-digest': `sha-256=:${digest}:` },
      { 'repr-digest': `sha-512=:AAAA:, sha-256=:${digest}:` },
      { digest: `SHA-256=${digest}` },
    ];
    for (const headers of right) expect((await send(audio, headers)).status).toBe(201);
    const wrong = sha256(Buffer.from('other')).toString('base64');
    const before = (await filesInRows()).length;
    expectProblem(await send(audio, { 'content-digest': `sha-256=:${wrong}:` }), 400, 'digest_mismatch');
    expectProblem(await send(audio, { 'content-digest': 'md5=:AAAA:' }), 400, 'invalid_request');
    expect((await filesInRows()).length).toBe(before);
  });

  it('again under its Idempotency-Key is the same file, and another one under that key is refused', async () => {
    const headers = { 'idempotency-key': 'upload-1' };
    const first = await send(audio, headers, '?name=a.wav');
    const again = await send(audio, headers, '?name=a.wav');
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect([first, again].map((sent) => sent.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expectProblem(await send(Buffer.from('other'), headers, '?name=a.wav'), 422, 'idempotency_key_reused');
    expect(await readdir(folder)).toEqual([first.body.id]);
    await world.client.withKey(key).ask(`/v1/files/${first.body.id}`, { method: 'DELETE' });
    expectProblem(await send(audio, headers, '?name=a.wav'), 409, 'file_gone');
    await expectNothingKept();
  });

  describe('wrongly', () => {
    it('and cut at half, said to be long or not, leaves nothing', async () => {
      for (const headers of [{ 'content-length': String(audio.length) }, {}] as Record<string, string>[]) {
        const cut = new UploadRequest(world.url, key, headers);
        await cut.write(audio.subarray(0, audio.length / 2));
        await eventually('it has begun to arrive', async () => (await readdir(folder)).length === 1);
        cut.cut();
        await expectNothingKept();
      }
      expect((await world.client.get('/health/live')).status).toBe(200);
    });

    it('and cut in the middle of a form leaves nothing', async () => {
      const cut = new UploadRequest(world.url, key, { 'content-type': 'multipart/form-data; boundary=b' });
      await cut.write(Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'));
      await cut.write(audio);
      await eventually('it has begun to arrive', async () => (await readdir(folder)).length === 1);
      cut.cut();
      await expectNothingKept();
    });

    it('and shorter than it said, without an end, is given up after a while', async () => {
      const short = new UploadRequest(world.url, key, { 'content-length': String(audio.length) });
      await short.write(audio.subarray(0, 1_000));
      await expect(short.end()).rejects.toThrow();
      await expectNothingKept();
    }, 60_000);

    it('and with 0 bytes is refused', async () => {
      expectProblem(await send(Buffer.alloc(0)), 400, 'empty_file');
      expectProblem(await send(Buffer.alloc(0), { 'content-type': 'audio/wav' }), 400, 'empty_file');
      const chunked = new UploadRequest(world.url, key, { 'transfer-encoding': 'chunked' });
      expectProblem(await chunked.end(), 400, 'empty_file');
      const form = 'multipart/form-data; boundary=b';
      const empty = '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\r\n--b--\r\n';
      expectProblem(await send(Buffer.from(empty), { 'content-type': form }), 400, 'empty_file');
      await expectNothingKept();
    });

    it('and over the limit is refused with a 413, said in advance or not', async () => {
      const large = randomBytes(MAX + 1);
      const told = await send(large);
      expectProblem(told, 413, 'file_too_large');
      expect(told.body.detail).toContain(String(MAX));
      const untold = new UploadRequest(world.url, key);
      for (const chunk of flood(MAX + 100 * KIB, 64 * KIB)) await untold.write(chunk);
      expectProblem(await untold.end(), 413, 'file_too_large');
      await expectNothingKept();
      expect((await send(large.subarray(0, MAX))).status).toBe(201);
    });

    it('and without end is told so and then cut off', async () => {
      const endless = new UploadRequest(world.url, key);
      let told = false;
      void endless.answer.then(() => (told = true));
      for (const chunk of flood(MAX + 100 * KIB, 64 * KIB)) await endless.write(chunk);
      expectProblem(await endless.answer, 413, 'file_too_large');
      expect(told).toBe(true);
      await eventually('the connection is cut', () => endless.write(Buffer.alloc(1)).then(() => endless.isCut));
    });

    it.each([
      ['there is no boundary', 'multipart/form-data', 'x', 'invalid_multipart'],
      ['it is no form', 'multipart/form-data; boundary=b', 'hello', 'invalid_multipart'],
      ['it is another kind of multipart', 'multipart/mixed; boundary=b', '--b--\r\n', 'invalid_multipart'],
      [
        'it breaks off inside the file',
        'multipart/form-data; boundary=b',
        part('f', 'a', 'bytes'),
        'invalid_multipart',
      ],
      [
        'there is no file in it',
        'multipart/form-data; boundary=b',
        `${part('f', null, 'x')}--b--\r\n`,
        'invalid_request',
      ],
      ['it has no parts', 'multipart/form-data; boundary=b', '--b--\r\n', 'invalid_multipart'],
      [
        'there are two files',
        'multipart/form-data; boundary=b',
        `${part('f', 'a', 'x')}${part('g', 'b', 'y')}--b--\r\n`,
        'invalid_multipart',
      ],
      [
        'there is another field',
        'multipart/form-data; boundary=b',
        `${part('f', 'a', 'x')}${part('note', null, 'y')}--b--\r\n`,
        'invalid_request',
      ],
    ])('as a form is refused when %s', async (_what, type, body, code) => {
      expectProblem(await send(Buffer.from(body), { 'content-type': type }), 400, code);
      await expectNothingKept();
    });

    it('and with an unknown word in the query is refused', async () => {
      const sent = await send(audio, {}, '?title=a.wav');
      expectProblem(sent, 400, 'invalid_request');
      expect(sent.body.errors?.[0]?.field).toBe('title');
    });

    it('and without the scope, or without a key, is refused before it is read', async () => {
      expectProblem(await upload(world.url, await world.key(['jobs:read']), audio), 403, 'missing_scope');
      const stranger = new UploadRequest(world.url, 'sbx_nobody');
      for (const chunk of flood(MAX, 64 * KIB)) await stranger.write(chunk);
      expectProblem(await stranger.answer, 401, 'unauthorized');
      await expectNothingKept();
    });
  });

  describe('when the room is full', () => {
    it('is refused with 507 at once when it says how long it is, and as soon as it shows when not', async () => {
      for (let i = 0; i < 3; i++) expect((await send(randomBytes(MAX))).status).toBe(201);
      const told = await send(randomBytes(MAX));
      expectProblem(told, 507, 'storage_full');
      expect(told.headers.get('retry-after')).toBe('60');
      const untold = new UploadRequest(world.url, key);
      for (const chunk of flood(500 * KIB, 64 * KIB)) await untold.write(chunk);
      expectProblem(await untold.end(), 507, 'storage_full');
      expect((await readdir(folder)).length).toBe(3);
      const [oldest] = await filesInRows();
      await world.client.withKey(key).ask(`/v1/files/${oldest?.id}`, { method: 'DELETE' });
      expect((await send(randomBytes(MAX))).status).toBe(201);
    });

    it('counts what is still on its way: of two that fit only alone, one is refused', async () => {
      for (let i = 0; i < 2; i++) expect((await send(randomBytes(MAX))).status).toBe(201);
      const size = 500 * KIB;
      const slow = new UploadRequest(world.url, key, { 'content-length': String(size) });
      await slow.write(randomBytes(size / 2));
      await eventually('it has begun to arrive', async () => (await readdir(folder)).length === 3);
      expectProblem(await send(randomBytes(size)), 507, 'storage_full');
      await slow.write(randomBytes(size / 2));
      expect((await slow.end()).status).toBe(201);
    });
  });

  it('is open to several at once, each with its own bytes', async () => {
    const bodies = Array.from({ length: 6 }, () => randomBytes(200 * KIB));
    const answers = await Promise.all(bodies.map((body) => send(body)));
    expect(answers.map((sent) => sent.status)).toEqual(bodies.map(() => 201));
    expect(answers.map((sent) => sent.body.sha256)).toEqual(bodies.map((body) => sha256(body).toString('hex')));
  });

  function part(field: string, file: string | null, content: string): string {
    const filename = file === null ? '' : `; filename="${file}"`;
    return `--b\r\nContent-Disposition: form-data; name="${field}"${filename}\r\n\r\n${content}\r\n`;
  }
});
