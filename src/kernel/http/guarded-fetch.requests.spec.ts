import { getEventListeners } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { Names, failureOf, fetching, plain, reasonOf } from './testing/fetching.js';
import { head } from './testing/loopback-server.js';
import { OneServer } from './testing/one-server.js';

const one = new OneServer();
const { http, raw, ask } = one;

afterEach(() => one.gone());

const headersAsRead = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

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
    await expect(ask(untouched, { headers: { a: 'b\r\nc: d' } })).rejects.toThrow('Invalid character');
    expect(timers()).toBe(before);
  });
});

describe('a caller that has changed its mind', () => {
  it('is asked nothing more', async () => {
    const names = new Names();
    const request = plain({ signal: AbortSignal.abort() });
    const answer = fetching({ resolve: names.resolve }).fetch('http://hook.example.com/hidden', request);
    expect(await reasonOf(answer)).toBe('aborted');
    expect(names.asked).toEqual([]);
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
  const open = (kind: RegExp) => process.getActiveResourcesInfo().filter((resource) => kind.test(resource));
  const timers = open(/^Timeout$/).length;
  const brief = await raw((socket) =>
    socket.once('data', () => socket.write(`${head('HTTP/1.1 200 OK', 'Content-Length: 3')}abc`)),
  );
  await Promise.all(Array.from({ length: 20 }, () => ask(brief)));
  await Promise.all(Array.from({ length: 20 }, () => failureOf(ask(brief, { maxBytes: 2 }))));
  await one.gone();
  expect(open(/^TCPSocketWrap$/)).toEqual([]);
  expect(open(/^Timeout$/).length).toBeLessThanOrEqual(timers);
});
