import { failureOf, reasonOf } from './testing/fetching.js';
import { head } from './testing/loopback-server.js';
import { OneServer } from './testing/one-server.js';

const one = new OneServer();
const { raw, saying, ask } = one;

afterEach(() => one.gone());

describe('a server', () => {
  it('that never answers is given up in time', async () => {
    const silent = await raw(() => undefined);
    const failure = await failureOf(ask(silent, { timeoutMs: 100 }));
    expect(failure.message).toBe(`hook.example.com:${silent.port} did not answer in full in time`);
    expect(failure.reason).toBe('timeout');
  });

  it.each([
    ['the body', `${head('HTTP/1.1 200 OK', 'Content-Length: 1000')}`],
    ['the head', 'HTTP/1.1 200 OK\r\nx-long: '],
    ['news of an answer', ''],
  ])('that drips %s has no longer than any other', async (what, start) => {
    const piece = what === 'news of an answer' ? head('HTTP/1.1 102 Processing') : 'x';
    const slow = await raw((socket) => {
      socket.once('data', () => {
        socket.write(start);
        const drip = setInterval(() => socket.write(piece), 10);
        socket.on('close', () => clearInterval(drip));
      });
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
    deaf.sockets.forEach((socket) => socket.resume());
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
    ['headers of 17 KB', head('HTTP/1.1 200 OK', ...Array.from({ length: 1_700 }, (_, i) => `x-${i}: 12345678`))],
  ])('speaks no HTTP: %s', async (_, text) => {
    const failure = await failureOf(ask(await saying(text)));
    expect(failure.reason).toBe('not_http');
    expect(failure.code).toMatch(/^HPE_/);
  });
});
