import { FalStage } from '../testing/fal-stage.js';
import type { Part } from './uploads.js';

describe('files', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(0.001)));
  afterAll(() => stage.tearDown());

  const initiate = async (way: string, body: object, key = stage.sandbox.fal.key) => {
    const url = `${stage.sandbox.fal.restUrl}/storage/upload/${way}?storage_type=fal-cdn-v3`;
    const headers = { authorization: `Key ${key}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, ...((await response.json()) as { upload_url: string; file_url: string }) };
  };
  const wanted = { content_type: 'application/zip', file_name: 'a.zip' };
  const put = async (url: string, body: string) => (await fetch(url, { method: 'PUT', body })).status;
  const below = (address: string, path: string) => {
    const url = new URL(address);
    url.pathname += path;
    return url.href;
  };

  it('go up at an address that is the permission, and come down at another', async () => {
    const { upload_url, file_url } = await initiate('initiate', wanted);
    expect((await fetch(file_url)).status).toBe(404);
    expect(await put(upload_url, 'bytes')).toBe(200);
    const got = await fetch(file_url);
    expect([await got.text(), got.headers.get('content-type')]).toEqual(['bytes', 'application/zip']);
    expect(await put(upload_url.replace(/\?.*/, ''), 'other')).toBe(403);
    expect((await initiate('initiate', {})).status).toBe(422);
    expect((await initiate('initiate', wanted, 'a:b')).status).toBe(401);
  });

  it('may go up in parts, in any order, and are whole only when every part is named', async () => {
    const { upload_url, file_url } = await initiate('initiate-multipart', wanted);
    const parts: Part[] = [];
    for (const [number, text] of [
      [2, 'second'],
      [1, 'first '],
    ] as const) {
      const response = await fetch(below(upload_url, `/${number}`), { method: 'PUT', body: text });
      parts.unshift((await response.json()) as Part);
    }
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2]);
    const complete = (named: object[]) =>
      fetch(below(upload_url, '/complete'), { method: 'POST', body: JSON.stringify({ parts: named }) });
    expect((await complete([...parts, { partNumber: 3, etag: '"x"' }])).status).toBe(400);
    expect((await complete([{ partNumber: 1, etag: '"x"' }])).status).toBe(400);
    expect((await fetch(file_url)).status).toBe(404);
    expect((await complete(parts)).status).toBe(200);
    expect(await (await fetch(file_url)).text()).toBe('first second');
    expect(await put(below(upload_url, '/0'), 'x')).toBe(400);
    expect(await put(below(upload_url, '/1').replace(/\?.*/, ''), 'x')).toBe(403);
  });

  it('are served in pieces to whoever asks for some', async () => {
    const { upload_url, file_url } = await initiate('initiate', wanted);
    await put(upload_url, '0123456789');
    const piece = await fetch(file_url, { headers: { range: 'bytes=3-5' } });
    expect([piece.status, piece.headers.get('content-range'), await piece.text()]).toEqual([
      206,
      'bytes 3-5/10',
      '345',
    ]);
    const beyond = await fetch(file_url, { headers: { range: 'bytes=10-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    const head = await fetch(file_url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([
      200,
      '10',
      'bytes',
    ]);
  });

  it('of trainings are the same for the same images', async () => {
    const modelOf = async (query: string) => {
      const id = await stage.submit({ images_data_url: `${stage.sandbox.fal.imagesUrl}?${query}` });
      await stage.ended(id);
      const { diffusers_lora_file: model } = (await stage.result(id)).body as { diffusers_lora_file: { url: string } };
      return Buffer.from(await (await fetch(model.url)).arrayBuffer());
    };
    const [one, same, other] = [await modelOf('images=4'), await modelOf('images=4'), await modelOf('images=5')];
    expect([one.length, one.equals(same), one.equals(other)]).toEqual([256 * 1024, true, false]);
  });
});
