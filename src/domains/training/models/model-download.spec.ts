import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FetchFailed } from '../../../kernel/http/guarded-fetch.errors.js';
import { GuardedFetch } from '../../../kernel/http/guarded-fetch.js';
import { modelBytes, strongTag } from './model-download.js';

const WHOLE = '0123456789';
const fetch = new GuardedFetch({ BODY_LIMIT: 1_024, FETCH_ALLOW_CIDRS: ['127.0.0.1/32'], FETCH_ALLOW_HTTP: true });
const limits = { timeoutMs: 60_000, idleMs: 60_000, pauseMs: 1, maxBytes: 100, signal: new AbortController().signal };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const asked: (string | undefined)[] = [];

/** Answers one request after the other; the last answer stays. */
async function download(answers: readonly Answer[], announcedSize: number | null = null): Promise<string> {
  asked.length = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.push(request.headers.range), answers.length) - 1];
    answer?.(request, response);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hidden`;
  const parts: Buffer[] = [];
  for await (const part of modelBytes(fetch, { url, announcedSize }, limits)) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** The first so many bytes of what is announced; then it hangs up. */
const part =
  (to: number, headers: Record<string, string> = { etag: '"a"' }): Answer =>
  ({ headers: { range } }, response) => {
    const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
    const more = from > 0 ? { 'content-range': `bytes ${from}-9/10` } : {};
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': 10 - from, ...headers, ...more });
    response.write(WHOLE.slice(from, to), () => setTimeout(() => (to < 10 ? response.destroy() : response.end()), 20));
  };
const status =
  (code: number, body = WHOLE, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end(body);

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

describe('the bytes of a file of the vendor’s', () => {
  it('are gone on with where they broke off, as often as there is progress', async () => {
    expect(await download([part(3), part(4), part(5), part(6), part(7), part(8), part(10)])).toBe(WHOLE);
    expect(asked).toEqual([undefined, ...[3, 4, 5, 6, 7, 8].map((from) => `bytes=${from}-`)]);
  });

  it('are given up where nothing more comes', async () => {
    await expect(download([part(3), part(0)])).rejects.toMatchObject({ reason: 'closed' });
    expect(asked).toHaveLength(5);
  });

  it.each([
    ['there is no tag', {}],
    ['the tag is weak', { etag: 'W/"a"' }],
    ['the vendor says so', { etag: '"a"', 'accept-ranges': 'none' }],
  ])('are not gone on with where %s', async (_, headers) => {
    await expect(download([part(3, headers as Record<string, string>), part(10)])).rejects.toBeInstanceOf(FetchFailed);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['begins the file anew', status(200), /begins it anew/],
    ['has no such part', status(416, ''), /answered with 416/],
    ['has the file no more', status(404, ''), /answered with 404/],
    ['sends another part', status(206, 'x', { 'content-range': 'bytes 0-9/10' }), /answered with 206/],
    ['does not say which part it sends', status(206, 'x'), /answered with 206/],
  ])('are put together from no other file: the vendor %s', async (_, answer, why) => {
    await expect(download([part(3), answer])).rejects.toThrow(why);
  });

  it('are no answer of another kind', async () => {
    await expect(download([status(404)])).rejects.toThrow(/^127\.0\.0\.1:\d+ answered 404$/);
    await expect(download([status(206)])).rejects.toThrow(/answered 206/);
    await expect(download([status(200, WHOLE, { 'content-encoding': 'gzip' })])).rejects.toThrow(/content coding/);
  });

  it('are refused beyond what any model has', async () => {
    await expect(download([status(200, 'x'.repeat(101))])).rejects.toMatchObject({ reason: 'too_large' });
  });

  it('are whole in chunks, and where only the connection ends them by the announced size alone', async () => {
    const chunks: Answer = (_, response) => {
      response.write('01234');
      response.end('56789');
    };
    expect(await download([chunks])).toBe(WHOLE);
    const bare: Answer = ({ socket }) => void socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${WHOLE}`);
    expect(await download([bare], 10)).toBe(WHOLE);
    await expect(download([bare], 11)).rejects.toThrow('10 bytes came, and 11 were announced');
    await expect(download([bare])).rejects.toThrow(/does not say how long/);
  });

  it('are known again by a strong tag only', () => {
    expect(strongTag({ etag: '"a"' })).toBe('"a"');
    for (const etag of ['W/"a"', 'a', '"a', undefined]) expect(strongTag({ etag })).toBeNull();
  });
});
