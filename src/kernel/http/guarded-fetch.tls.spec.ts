import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { certificateFor } from './testing/certificate.js';
import { failureOf, fetching, plain, reasonOf } from './testing/fetching.js';
import { LoopbackServer } from './testing/loopback-server.js';

const good = certificateFor(['hook.example.com']);
let server: LoopbackServer;

const url = (host?: string) => server.url(undefined, host, 'https');

afterEach(async () => {
  await server.allGone();
  await server.stop();
});

describe('a certificate', () => {
  it('that is trusted and in the name of the host is the only one taken', async () => {
    let asked: unknown;
    server = await LoopbackServer.https(good, (request, response) => {
      asked = (request.socket as TLSSocket).servername;
      response.end('here');
    });
    const answer = await fetching({ ca: good.cert }).fetch(url(), plain());
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('here'), url: url() });
    expect(asked).toBe('hook.example.com');
  });

  it('is needed with plain http allowed as without', async () => {
    server = await LoopbackServer.https(good, (_, response) => response.end());
    expect((await fetching({ ca: good.cert, http: false }).fetch(url(), plain())).status).toBe(200);
    expect(await reasonOf(fetching({ http: false }).fetch(url(), plain()))).toBe('tls');
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['that signed itself', good, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of another host', certificateFor(['other.example.com']), 'own', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['of a host above', certificateFor(['example.com']), 'own', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', certificateFor(['hook.example.com'], -60_000), 'own', 'CERT_HAS_EXPIRED'],
  ])('is not one %s', async (_, certificate, trusted, code) => {
    server = await LoopbackServer.https(certificate, (_request, response) => response.end());
    const fetch = fetching({ ca: trusted && certificate.cert });
    const failure = await failureOf(fetch.fetch(url(), plain({ method: 'POST', body: 'hush' })));
    expect(failure).toMatchObject({ reason: 'tls', code });
    expect(server.seen).toEqual([]);
  });

  it('in the name of the host is none for its address', async () => {
    server = await LoopbackServer.https(good, (_, response) => response.end());
    expect(await reasonOf(fetching({ ca: good.cert }).fetch(url('127.0.0.1'), plain()))).toBe('tls');
  });
});

describe('a server that speaks no TLS', () => {
  it('may speak plain http', async () => {
    server = await LoopbackServer.http((_, response) => response.end());
    expect(await reasonOf(fetching().fetch(url(), plain()))).toBe('tls');
  });

  it('may hang up', async () => {
    server = await LoopbackServer.raw((socket) => socket.once('data', () => socket.end()));
    expect(await reasonOf(fetching().fetch(url(), plain()))).toBe('tls');
  });

  it('may say nothing at all', async () => {
    server = await LoopbackServer.raw((socket) => void once(socket, 'data'));
    expect(await reasonOf(fetching().fetch(url(), plain({ timeoutMs: 200 })))).toBe('timeout');
  });

  it('may do so in the midst of it', async () => {
    server = await LoopbackServer.https(good, () => server.sockets[0]?.end('no TLS at all'));
    const failure = await failureOf(fetching({ ca: good.cert }).fetch(url(), plain()));
    expect(failure.reason).toBe('tls');
    expect(failure.code).toMatch(/^ERR_SSL_/);
  });
});
