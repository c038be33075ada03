import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { reasonOf } from './testing/fetching.js';
import { head } from './testing/loopback-server.js';
import { OneServer } from './testing/one-server.js';

const one = new OneServer();
const { http, raw, saying, ask } = one;

afterEach(() => one.gone());

describe('an answer', () => {
  it('is what was said, whatever it means', async () => {
    const nonsense = Buffer.from([0, 255, 1, 254]);
    const odd = await http((_, response) =>
      response.writeHead(200, { 'content-type': 'x/y', 'x-odd': '1' }).end(nonsense),
    );
    const answer = await ask(odd);
    expect(answer).toMatchObject({ status: 200, headers: { 'x-odd': '1' }, cut: false, url: odd.url() });
    expect(answer.body).toEqual(nonsense);
  });

  it.each([400, 404, 410, 429, 500, 503])('may be %i', async (status) => {
    const failing = await http((_, response) => response.writeHead(status).end('no'));
    expect(await ask(failing, { method: 'POST', body: 'x' })).toMatchObject({ status, body: Buffer.from('no') });
  });

  it.each([
    ['204', head('HTTP/1.1 204 No Content')],
    ['304 with a length', head('HTTP/1.1 304 Not Modified', 'Content-Length: 999999')],
    ['200 of no length', head('HTTP/1.1 200 OK', 'Content-Length: 0')],
  ])('may be empty: %s', async (_, text) => {
    const empty = await saying(text);
    expect(await ask(empty)).toMatchObject({ body: Buffer.alloc(0), cut: false });
  });

  it('to HEAD tells a length and has no body', async () => {
    const large = await http((_, response) => response.writeHead(200, { 'content-length': '999999' }).end());
    expect(await ask(large, { method: 'HEAD' })).toMatchObject({
      headers: { 'content-length': '999999' },
      body: Buffer.alloc(0),
      cut: false,
    });
  });

  it('may be HTTP/1.0 that ends when the connection does', async () => {
    const old = await saying(`${head('HTTP/1.0 200 OK', 'Content-Type: text/plain')}to the end`);
    expect(await ask(old)).toMatchObject({ status: 200, body: Buffer.from('to the end'), cut: false });
  });

  it('may be announced', async () => {
    const polite = await saying(head('HTTP/1.1 103 Early Hints', 'Link: </a>') + head('HTTP/1.1 200 OK'));
    expect((await ask(polite)).status).toBe(200);
  });

  it('is not decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    const packed = await http((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect((await ask(packed, { maxBytes: 10_000 })).body).toEqual(bomb);
  });
});

/** A gigabyte, as fast as it is taken. */
function gigabyte(socket: Socket, sent: { bytes: number }): void {
  const piece = Buffer.alloc(64 * 1_024, 'x');
  const push = () => {
    while (sent.bytes < 2 ** 30 && !socket.destroyed) {
      sent.bytes += piece.length;
      if (!socket.write(piece)) return;
    }
    socket.end();
  };
  socket.on('drain', push);
  push();
}

describe('an answer that is larger than what is wanted', () => {
  it.each([
    ['with a length', 'Content-Length: 1073741824'],
    ['without one', 'Connection: close'],
  ])('is cut, and its sender hung up on: %s', async (_, header) => {
    const sent = { bytes: 0 };
    const endless = await raw((socket) =>
      socket.once('data', () => {
        socket.write(head('HTTP/1.1 200 OK', header));
        gigabyte(socket, sent);
      }),
    );
    const answer = await ask(endless, { maxBytes: 100_000, overflow: 'cut' });
    expect(answer.cut).toBe(true);
    expect(answer.body).toEqual(Buffer.alloc(100_000, 'x'));
    await endless.allGone();
    // What the system buffers is beyond our say.
    expect(sent.bytes).toBeLessThan(32 * 2 ** 20);
  });

  it('is refused where it announces its length, before any of it comes', async () => {
    const announced = await raw((socket) =>
      socket.once('data', () => socket.write(head('HTTP/1.1 200 OK', 'Content-Length: 1025'))),
    );
    expect(await reasonOf(ask(announced))).toBe('too_large');
  });

  it('is refused as soon as it is too large', async () => {
    const sent = { bytes: 0 };
    const endless = await raw((socket) =>
      socket.once('data', () => {
        socket.write(head('HTTP/1.1 200 OK'));
        gigabyte(socket, sent);
      }),
    );
    expect(await reasonOf(ask(endless))).toBe('too_large');
    await endless.allGone();
    expect(sent.bytes).toBeLessThan(32 * 2 ** 20);
  });

  it.each(['cut', 'refuse'] as const)('is not one of just that size: %s', async (overflow) => {
    const exact = await http((_, response) => {
      response.write('x'.repeat(500));
      response.end('x'.repeat(524));
    });
    expect(await ask(exact, { overflow })).toMatchObject({ cut: false, body: Buffer.alloc(1_024, 'x') });
  });

  it.each(['a server that says no more', 'a server that breaks off'])(
    'is not waited for when all that is wanted is here: %s',
    async (which) => {
      const stalled = await raw((socket) =>
        socket.once('data', () => {
          socket.write(`${head('HTTP/1.1 500 No', 'Content-Length: 5000')}${'x'.repeat(1_024)}`);
          if (which.endsWith('off')) socket.end();
        }),
      );
      const answer = await ask(stalled, { overflow: 'cut', timeoutMs: 300 });
      expect(answer).toMatchObject({ status: 500, cut: true, body: Buffer.alloc(1_024, 'x') });
    },
  );

  it('is no answer with less than what is wanted', async () => {
    const half = await saying(`${head('HTTP/1.1 200 OK', 'Content-Length: 5000')}${'x'.repeat(1_023)}`);
    expect(await reasonOf(ask(half, { overflow: 'cut' }))).toBe('closed');
  });
});
