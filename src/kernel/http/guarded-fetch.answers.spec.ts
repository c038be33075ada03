import { getEventListeners } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { GuardedRequest } from './guarded-fetch.js';
import { failureOf, fetching, plain, reasonOf } from './testing/fetching.js';
import { LoopbackServer } from './testing/loopback-server.js';

let server: LoopbackServer | undefined;

const http = async (answer: RequestListener) => (server = await LoopbackServer.http(answer));
const raw = async (connected: (socket: Socket) => void) => (server = await LoopbackServer.raw(connected));
const saying = async (text: string) => (server = await LoopbackServer.saying(text));
const ask = (from: LoopbackServer, more: Partial<GuardedRequest> = {}) => fetching().fetch(from.url(), plain(more));

afterEach(async () => {
  // Whatever happened, we are the ones who hang up.
  await server?.allGone();
  await server?.stop();
  server = undefined;
});

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;

describe('a request', () => {
  it('is sent as it is given', async () => {
    const echo = await http((_, response) => response.end());
    const headers = { 'Webhook-Id': 'msg_1', 'content-type': 'application/json' };
    await ask(echo, { method: 'POST', headers, body: '{"name":"Zoë"}' });
    await ask(echo, { method: 'PUT', body: Buffer.from('bytes') });
    expect(echo.seen).toMatchObject([
      { method: 'POST', path: '/hidden?token=hush', body: '{"name":"Zoë"}', headers: { 'content-length': '15' } },
      { method: 'PUT', body: 'bytes', headers: { 'content-length': '5' } },
    ]);
    expect(echo.seen[0]?.headers).toMatchObject(headersAsRead(headers));
  });

  it('asks for no compression, keeps no connection and no cookie', async () => {
    const echo = await http((_, response) => response.setHeader('set-cookie', 'a=b').end());
    await ask(echo);
    await ask(echo, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(echo.seen[0]?.headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' });
    expect(echo.seen[1]?.headers['accept-encoding']).toBe('gzip');
    expect(echo.seen[1]?.headers).not.toHaveProperty('cookie');
    expect(echo.sockets).toHaveLength(2);
  });

  it('that reads has no body, and one that writes is never sent on', async () => {
    const untouched = await http((_, response) => response.end());
    await expect(ask(untouched, { body: 'x' })).rejects.toThrow(new TypeError('a GET has no body'));
    await expect(ask(untouched, { method: 'POST', redirects: 1 })).rejects.toThrow(TypeError);
    await expect(ask(untouched, { method: 'PUT', redirects: 1 })).rejects.toThrow(TypeError);
    expect(untouched.sockets).toEqual([]);
  });

  it('that cannot be written leaves no timer behind', async () => {
    const untouched = await http((_, response) => response.end());
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await expect(ask(untouched, { headers: { a: 'b\r\nc: d' } })).rejects.toThrow(TypeError);
    expect(timers()).toBe(before);
  });
});

const headersAsRead = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

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
});

describe('a server', () => {
  it('that never answers is given up in time', async () => {
    const silent = await raw(() => undefined);
    const failure = await failureOf(ask(silent, { timeoutMs: 100 }));
    expect(failure.message).toBe(`hook.example.com:${silent.port} did not answer in full in time`);
    expect(failure.reason).toBe('timeout');
  });

  it.each([
    ['the body', `${head('HTTP/1.1 200 OK', 'Content-Length: 100000')}`],
    ['the head', 'HTTP/1.1 200 OK\r\nx-long: '],
    ['news of an answer', ''],
  ])('that drips %s has no longer than any other', async (what, start) => {
    const piece = what === 'news of an answer' ? head('HTTP/1.1 102 Processing') : 'x';
    const slow = await raw((socket) => {
      const drip = setInterval(() => socket.write(piece), 10);
      socket.on('close', () => clearInterval(drip));
      socket.once('data', () => socket.write(start));
    });
    const began = Date.now();
    expect(await reasonOf(ask(slow, { timeoutMs: 400 }))).toBe('timeout');
    expect(Date.now() - began).toBeGreaterThanOrEqual(390);
    await slow.allGone();
  });

  it('that takes no body is given up in time', async () => {
    const deaf = await raw((socket) => socket.pause());
    const body = Buffer.alloc(32 * 2 ** 20);
    expect(await reasonOf(ask(deaf, { method: 'POST', body, timeoutMs: 300 }))).toBe('timeout');
    server?.sockets.forEach((socket) => socket.resume());
  });

  it.each([
    ['at once', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['after its head', head('HTTP/1.1 200 OK', 'Content-Length: 10')],
    ['half-way', `${head('HTTP/1.1 200 OK', 'Content-Length: 10')}12345`],
    ['between chunks', `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}2\r\nab\r\n`],
    ['by changing the protocol', head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket')],
  ])('closes %s', async (_, text) => {
    expect(await reasonOf(ask(await saying(text)))).toBe('closed');
  });

  it('breaks the connection', async () => {
    const broken = await raw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failureOf(ask(broken))).toMatchObject({ reason: 'closed', code: 'ECONNRESET' });
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['bytes', '\0\x01\x02\xff\xfe'],
    ['a header without a name', head('HTTP/1.1 200 OK', ': x')],
    ['a length that is none', head('HTTP/1.1 200 OK', 'Content-Length: ten')],
    ['two lengths', head('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2')],
    ['a length and chunks', head('HTTP/1.1 200 OK', 'Content-Length: 1', 'Transfer-Encoding: chunked')],
    ['chunks that are none', `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}zz\r\n`],
    ['a header of 17 KB', head('HTTP/1.1 200 OK', `X-Huge: ${'x'.repeat(17_000)}`)],
    ['headers of 17 KB', head('HTTP/1.1 200 OK', ...Array.from({ length: 1_700 }, (_, i) => `x-${i}: ${i}`))],
  ])('speaks no HTTP: %s', async (_, text) => {
    const failure = await failureOf(ask(await saying(text)));
    expect(failure.reason).toBe('not_http');
    expect(failure.code).toMatch(/^HPE_/);
  });
});

describe('a caller that has changed its mind', () => {
  it('is asked nothing more', async () => {
    const untouched = await http((_, response) => response.end());
    expect(await reasonOf(ask(untouched, { signal: AbortSignal.abort() }))).toBe('aborted');
    expect(untouched.sockets).toEqual([]);
  });

  it('during a look-up', async () => {
    const caller = new AbortController();
    const fetch = fetching({ resolve: () => new Promise(() => caller.abort()) });
    const answer = fetch.fetch('http://hook.example.com/hidden', plain({ signal: caller.signal }));
    expect(await reasonOf(answer)).toBe('aborted');
  });

  it.each(['', head('HTTP/1.1 200 OK', 'Content-Length: 10'), head('HTTP/1.1 200 OK') + 'x'.repeat(1_024)])(
    'after it heard %j',
    async (text) => {
      const caller = new AbortController();
      const slow = await raw((socket) => {
        socket.once('data', () => socket.write(text, () => void after(50).then(() => caller.abort())));
      });
      expect(await reasonOf(ask(slow, { signal: caller.signal, overflow: 'cut' }))).toBe('aborted');
      expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    },
  );

  it('too late has its answer, and is listened to no longer', async () => {
    const caller = new AbortController();
    const quick = await http((_, response) => response.end('x'));
    expect((await ask(quick, { signal: caller.signal })).status).toBe(200);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });
});

it('leaves nothing open behind', async () => {
  const open = () => process.getActiveResourcesInfo().filter((kind) => /TCP(Socket|Connect)?Wrap|Timeout/.test(kind));
  const before = open().length;
  const mixed = await raw((socket) =>
    socket.once('data', () => socket.write(`${head('HTTP/1.1 200 OK', 'Content-Length: 3')}abc`)),
  );
  await Promise.all(Array.from({ length: 20 }, () => ask(mixed)));
  await Promise.all(Array.from({ length: 20 }, () => failureOf(ask(mixed, { maxBytes: 2 }))));
  await mixed.allGone();
  await mixed.stop();
  server = undefined;
  expect(open()).toHaveLength(before);
});
