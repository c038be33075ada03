import type { RequestListener } from 'node:http';
import type { GuardedDownload } from './guarded-fetch.js';
import { FetchFailed } from './guarded-fetch.errors.js';
import { Names, fetching } from './testing/fetching.js';
import { LoopbackServer, head } from './testing/loopback-server.js';

let server: LoopbackServer | undefined;

const http = async (answer: RequestListener) => (server = await LoopbackServer.http(answer));
const saying = async (text: string) => (server = await LoopbackServer.saying(text));
const open = (from: LoopbackServer, more: Partial<GuardedDownload> = {}) =>
  fetching().download(from.url(), { timeoutMs: 60_000, idleMs: 60_000, maxBytes: 1_000_000, ...more });

async function textOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function read(from: LoopbackServer, more: Partial<GuardedDownload> = {}): Promise<string> {
  return textOf((await open(from, more)).bytes);
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const outcome = await work.catch((error: unknown) => error);
  if (!(outcome instanceof FetchFailed)) throw new Error('it did not fail as fetches fail', { cause: outcome });
  expect(outcome.message).not.toMatch(/hidden|token|hush/);
  return outcome.reason;
}

afterEach(async () => {
  // Whatever happened, we are the ones who hang up.
  await server?.allGone();
  await server?.stop();
  server = undefined;
});

describe('a download', () => {
  it('is the head of an answer, and its body as it comes', async () => {
    let goOn = () => undefined as void;
    const here = await http((_, response) => {
      response.writeHead(200, { 'content-length': '6', etag: '"a"' }).write('abc');
      goOn = () => void response.end('def');
    });
    const answer = await open(here);
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"a"' }, url: here.url() });
    const parts = answer.bytes[Symbol.asyncIterator]();
    expect((await parts.next()).value).toEqual(Buffer.from('abc'));
    goOn();
    expect((await parts.next()).value).toEqual(Buffer.from('def'));
    expect((await parts.next()).done).toBe(true);
  });

  it('asks for a part with the headers that it is given', async () => {
    const here = await http((_, response) => response.writeHead(206).end('rest'));
    expect(await read(here, { headers: { Range: 'bytes=4-' } })).toBe('rest');
    expect(here.seen[0]?.headers).toMatchObject({ range: 'bytes=4-', 'accept-encoding': 'identity' });
  });

  it.each([
    ['with a length', head('HTTP/1.1 200 OK', 'Content-Length: 10')],
    ['in chunks', `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}3\r\nabc\r\n`],
  ])('that breaks off is no whole one: %s', async (_, text) => {
    expect(await reasonOf(read(await saying(`${text}abc`)))).toBe('closed');
  });

  it('that stands still is given up, however long it takes otherwise', async () => {
    const here = await http((_, response) => response.writeHead(200, { 'content-length': '6' }).write('abc'));
    expect(await reasonOf(read(here, { idleMs: 50 }))).toBe('timeout');
    await server?.stop();
    const slow = await http((_, response) => {
      const words = ['a', 'b', 'c', 'd'];
      const next = () => (words.length > 0 ? (response.write(words.shift()), setTimeout(next, 400)) : response.end());
      next();
    });
    expect(await read(slow, { timeoutMs: 1_000 })).toBe('abcd');
  });

  it('that does not begin is given up', async () => {
    const here = await http(() => undefined);
    expect(await reasonOf(open(here, { timeoutMs: 50 }))).toBe('timeout');
  });

  it('takes no more than it is told', async () => {
    const announced = await http((_, response) => response.writeHead(200, { 'content-length': '1025' }).end());
    expect(await reasonOf(open(announced, { maxBytes: 1_024 }))).toBe('too_large');
    await server?.stop();
    const silent = await http((_, response) => response.writeHead(200).end('x'.repeat(1_025)));
    expect(await reasonOf(read(silent, { maxBytes: 1_024 }))).toBe('too_large');
  });

  it('ends when its caller ends', async () => {
    const here = await http((_, response) => response.writeHead(200, { 'content-length': '6' }).write('abc'));
    const before = AbortSignal.abort();
    expect(await reasonOf(open(here, { signal: before }))).toBe('aborted');
    const stop = new AbortController();
    const reading = read(here, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    expect(await reasonOf(reading)).toBe('aborted');
  });

  it('that nobody reads is hung up on', async () => {
    const here = await http((_, response) => response.writeHead(404).end('x'.repeat(100_000)));
    const answer = await open(here);
    expect(answer.status).toBe(404);
    answer.close();
    await here.allGone();
  });

  it('follows redirects, each judged anew', async () => {
    const here = await http((request, response) =>
      request.url === '/there' ? response.end('there') : response.writeHead(302, { location: '/there' }).end('no'),
    );
    expect(await read(here, { redirects: 1 })).toBe('there');
    expect((await open(here)).status).toBe(302);
    await server?.stop();
    const inward = await http((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    expect(await reasonOf(open(inward, { redirects: 1 }))).toBe('refused_address');
  });

  it('reaches nothing that is not on the internet', async () => {
    const asked = { timeoutMs: 60_000, idleMs: 60_000, maxBytes: 10 };
    expect(await reasonOf(fetching({ cidrs: [] }).download('http://127.0.0.1/hidden', asked))).toBe('refused_address');
    const inside = fetching({ cidrs: [], resolve: new Names([['10.0.0.1']]).resolve });
    expect(await reasonOf(inside.download('http://hook.example.com/hidden', asked))).toBe('refused_address');
    expect(await reasonOf(fetching({ http: false }).download('http://hook.example.com/', asked))).toBe(
      'refused_scheme',
    );
  });
});
