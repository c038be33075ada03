import type { OutgoingHttpHeaders, RequestListener } from 'node:http';
import type { GuardedRequest } from './guarded-fetch.js';
import { certificateFor } from './testing/certificate.js';
import { Names, failureOf, fetching, plain, reasonOf } from './testing/fetching.js';
import { LoopbackServer } from './testing/loopback-server.js';

const servers: LoopbackServer[] = [];

async function started(server: Promise<LoopbackServer>): Promise<LoopbackServer> {
  servers.push(await server);
  return server;
}

const http = (answer: RequestListener) => started(LoopbackServer.http(answer));
/** Sends everybody there from `/hidden`, and answers everything else. */
const leadingTo = (location: string, status = 302, more: OutgoingHttpHeaders = {}) =>
  http((request, response) =>
    request.url?.startsWith('/hidden')
      ? response.writeHead(status, { location, ...more }).end('elsewhere')
      : response.end('here'),
  );
const follow = (from: LoopbackServer, more: Partial<GuardedRequest> = {}) =>
  fetching().fetch(from.url(), plain({ redirects: 3, ...more }));

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.allGone();
    await server.stop();
  }
});

describe('a redirect', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT'] as const)('is simply the answer to a %s', async (method) => {
    const server = await leadingTo('http://127.0.0.2/');
    const answer = await fetching().fetch(server.url(), plain({ method }));
    expect(answer).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.2/' }, url: server.url() });
    expect(server.seen).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('is followed where that is wanted: %i', async (status) => {
    const server = await leadingTo('/there?a=b', status);
    const answer = await follow(server);
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('here'), url: server.url('/there?a=b'), cut: false });
    expect(server.seen.map(({ path }) => path)).toEqual(['/hidden?token=hush', '/there?a=b']);
  });

  it('stays a HEAD', async () => {
    const server = await leadingTo('there', 303);
    expect((await follow(server, { method: 'HEAD' })).status).toBe(200);
    expect(server.seen.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  it.each([300, 304])('is none: %i', async (status) => {
    expect((await follow(await leadingTo('/there', status))).status).toBe(status);
  });

  it('without a place to go is the answer', async () => {
    const server = await http((_, response) => response.writeHead(302).end());
    expect((await follow(server)).status).toBe(302);
  });

  it('is followed to a name in UTF-8', async () => {
    const server = await leadingTo(Buffer.from('/naïve').toString('latin1'));
    expect((await follow(server)).url).toBe(server.url('/na%C3%AFve'));
  });

  it('may have a body of any size, which nobody reads', async () => {
    const server = await leadingTo('/there', 302, { 'content-length': 1_000_000 });
    expect((await follow(server)).status).toBe(200);
  });

  it('looks the name up anew, once for each hop', async () => {
    const server = await leadingTo('/there');
    const names = new Names([['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2']]);
    const answer = await fetching({ resolve: names.resolve }).fetch(server.url(), plain({ redirects: 1 }));
    expect(answer.status).toBe(200);
    expect(names.asked).toEqual(['hook.example.com', 'hook.example.com']);
  });

  it('to a name that means a private address by now leads nowhere', async () => {
    const server = await leadingTo('/there');
    const names = new Names([['127.0.0.1'], ['127.0.0.2']]);
    const answer = fetching({ resolve: names.resolve }).fetch(server.url(), plain({ redirects: 1 }));
    expect(await reasonOf(answer)).toBe('refused_address');
    expect(server.sockets).toHaveLength(1);
  });

  it.each([
    ['http://127.0.0.2/hidden', 'refused_address'],
    ['http://0x7f.2/hidden', 'refused_address'],
    ['//169.254.169.254/latest/meta-data/', 'refused_address'],
    ['http://[::ffff:10.0.0.1]/', 'refused_address'],
    ['http://token:hush@hook.example.com/', 'refused_address'],
    ['file:///etc/passwd', 'refused_scheme'],
    ['gopher://hook.example.com/', 'refused_scheme'],
    ['http://[::1', 'not_http'],
  ])('never leads to %s', async (location, reason) => {
    expect(await reasonOf(follow(await leadingTo(location)))).toBe(reason);
  });

  it('never leads to a metadata service by its name', async () => {
    const server = await leadingTo('http://metadata.google.internal/');
    const names = new Names([['127.0.0.1'], ['169.254.169.254']]);
    const answer = fetching({ resolve: names.resolve }).fetch(server.url(), plain({ redirects: 1 }));
    expect(await reasonOf(answer)).toBe('refused_address');
  });

  it('in circles ends where it is told to', async () => {
    const server = await leadingTo('/hidden?token=hush');
    expect(await reasonOf(follow(server))).toBe('too_many_redirects');
    expect(server.seen).toHaveLength(4);
  });

  it('in circles has no more time than a straight way', async () => {
    const server = await http((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/hidden' }).end(), 30);
    });
    expect(await reasonOf(follow(server, { redirects: 1_000, timeoutMs: 300 }))).toBe('timeout');
    expect(server.seen.length).toBeGreaterThan(1);
  });
});

describe('what speaks for the caller', () => {
  const secrets = {
    Authorization: 'Bearer hush',
    Cookie: 'a=hush',
    'Proxy-Authorization': 'hush',
    Host: 'hook.example.com',
  };
  const headers = { ...secrets, 'X-Other': 'kept' };

  it('goes along within an origin', async () => {
    const server = await leadingTo('/there');
    await follow(server, { headers });
    expect(server.seen[1]?.headers).toMatchObject({
      authorization: 'Bearer hush',
      cookie: 'a=hush',
      'x-other': 'kept',
    });
  });

  it('stays behind at another origin, and when it leads back', async () => {
    const other = await http((_, response) => response.writeHead(302, { location: first.url('/there') }).end());
    const first = await leadingTo(other.url('/', 'other.example.com'));
    expect((await follow(first, { headers })).status).toBe(200);
    for (const { headers: got } of [other.seen[0], first.seen[1]].map((seen) => seen ?? { headers: {} })) {
      expect(got).toMatchObject({ 'x-other': 'kept' });
      for (const name of ['authorization', 'cookie', 'proxy-authorization']) expect(got).not.toHaveProperty(name);
    }
    expect(other.seen[0]?.headers.host).toBe(`other.example.com:${other.port}`);
  });
});

describe('https', () => {
  it('leads to https, and never to plain http', async () => {
    const certificate = certificateFor(['hook.example.com']);
    const secure = await started(
      LoopbackServer.https(certificate, (request, response) => {
        const location = request.url === '/down' ? 'http://hook.example.com/' : '/there';
        response.writeHead(request.url === '/there' ? 200 : 302, { location }).end();
      }),
    );
    const fetch = fetching({ ca: certificate.cert });
    const url = (path: string) => secure.url(path, 'hook.example.com', 'https');
    expect((await fetch.fetch(url('/'), plain({ redirects: 1 }))).status).toBe(200);
    const failure = await failureOf(fetch.fetch(url('/down'), plain({ redirects: 1 })));
    expect(failure.reason).toBe('refused_scheme');
  });

  it('is where plain http may lead', async () => {
    const certificate = certificateFor(['hook.example.com']);
    const secure = await started(LoopbackServer.https(certificate, (_, response) => response.end()));
    const server = await leadingTo(secure.url('/', 'hook.example.com', 'https'));
    const answer = await fetching({ ca: certificate.cert }).fetch(server.url(), plain({ redirects: 1 }));
    expect(answer.status).toBe(200);
  });
});
