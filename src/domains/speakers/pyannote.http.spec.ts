import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { PyannoteEnv } from './pyannote.env.js';
import { PyannoteHttp } from './pyannote.http.js';
import { KEY, paceOf } from './testing/stage.js';

const MIB = 1_024 ** 2;
let server: Server;
let patient: PyannoteHttp;
let hurried: PyannoteHttp;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = parseEnv(PyannoteEnv, { PYANNOTEAI_API_KEY: KEY, PYANNOTEAI_BASE_URL: url });
  patient = new PyannoteHttp(env, paceOf({}));
  // Waits for two seconds at most.
  hurried = new PyannoteHttp(env, paceOf({ SIGNALBOX_TIME_FACTOR: '0.001', SIGNALBOX_SANDBOX: 'true' }));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = (mayBeLarge: boolean, http = patient) => http.send({ method: 'GET', path: '/', mayBeLarge });

async function sizeOf(bytes: AsyncIterable<Uint8Array> | undefined): Promise<number> {
  let size = 0;
  for await (const piece of bytes ?? []) size += piece.length;
  return size;
}

describe('an answer of pyannoteAI', () => {
  it('is held while it is small, though it may be large', async () => {
    answer = (response) => response.end('{"a":1}');
    expect(await get(true)).toMatchObject({ status: 200, json: { a: 1 } });
    answer = (response) => response.writeHead(204).end();
    expect(await get(true)).toMatchObject({ status: 204, json: undefined });
  });

  it('is whole when it is large', async () => {
    answer = (response) => response.end(Buffer.alloc(20 * MIB, 'x'));
    const { large } = await get(true);
    expect(await sizeOf(large)).toBe(20 * MIB);
  });

  it('is refused when it is large and need not be, and the connection is given up', async () => {
    const closed = new Promise((resolve) => {
      answer = (response) => {
        response.once('close', resolve);
        response.write(Buffer.alloc(20 * MIB, 'x'));
      };
    });
    await expect(get(false)).rejects.toThrow('larger than');
    await closed;
  });

  it('is given up when its reader has read enough', async () => {
    const closed = new Promise((resolve) => {
      answer = (response) => {
        response.once('close', resolve);
        response.write(Buffer.alloc(20 * MIB, 'x'));
      };
    });
    for await (const piece of (await get(true)).large ?? []) if (piece.length > 0) break;
    await closed;
  });

  it.each([
    ['in its beginning', MIB],
    ['in the midst of a large one', 6 * MIB],
  ])('is given up when it stands still %s', async (_, bytes) => {
    answer = (response) => void response.write(Buffer.alloc(bytes, 'x'));
    const began = performance.now();
    await expect(get(true, hurried).then(({ large }) => sizeOf(large))).rejects.toThrow(/timeout|abort/i);
    expect(performance.now() - began).toBeGreaterThan(1_500);
  });

  it('that breaks off is an error, however much of it came', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': String(8 * MIB) });
      response.write(Buffer.alloc(6 * MIB, 'x'), () => response.destroy());
    };
    await expect(get(true).then(({ large }) => sizeOf(large))).rejects.toThrow('terminated');
  });
});
