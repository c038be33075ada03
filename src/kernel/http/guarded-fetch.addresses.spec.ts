import { resolveBySystem } from './outside-address.js';
import { LoopbackServer } from './testing/loopback-server.js';
import { Names, failureOf, fetching, plain, reasonOf } from './testing/fetching.js';

const servers: LoopbackServer[] = [];

async function server(host?: string): Promise<LoopbackServer> {
  const started = await LoopbackServer.http((_, response) => response.end('here'), host);
  servers.push(started);
  return started;
}

afterEach(async () => {
  for (const started of servers.splice(0)) await started.stop();
});

/** What means this machine, its network or nothing on the internet, in whatever spelling. */
const INSIDE = [
  ['127.0.0.1', '127.0.0.1'],
  ['decimal', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['hexadecimal', '0x7f000001'],
  ['hexadecimal, in parts and capitals', '0X7F.0.0X0.1'],
  ['short', '127.1'],
  ['wide digits', '１２７.0.0.1'],
  ['escaped', '%31%32%37.0.0.1'],
  ['with a trailing dot', '127.0.0.1.'],
  ['with two trailing dots', '127.0.0.1..'],
  ['zero', '0'],
  ['0.0.0.0', '0.0.0.0'],
  ['private, 10', '10.0.0.1'],
  ['private, 172', '172.16.0.1'],
  ['private, 192', '192.168.0.1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['metadata', '169.254.169.254'],
  ['metadata, decimal', '2852039166'],
  ['protocol assignments', '192.0.0.1'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['::', '[::]'],
  ['::1', '[::1]'],
  ['v4 in v6', '[::ffff:127.0.0.1]'],
  ['v4 in v6, the old way', '[::127.0.0.1]'],
  ['NAT64 of a private address', '[64:ff9b::10.0.0.1]'],
  ['NAT64 for one’s own network', '[64:ff9b:1::a00:1]'],
  ['6to4 of a private address', '[2002:a00:1::]'],
  ['Teredo', '[2001:0:a00:1::]'],
  ['metadata, v6', '[fd00:ec2::254]'],
  ['unique local', '[fc00::1]'],
  ['link-local, v6', '[fe80::1]'],
  ['multicast, v6', '[ff02::1]'],
  ['localhost', 'localhost'],
  ['LOCALHOST.', 'LOCALHOST.'],
  ['below localhost', 'a.LocalHost'],
  ['metadata by name', 'Metadata.Google.Internal'],
  ['a bare name', 'database'],
] as const;

describe('a host that is not on the internet', () => {
  it.each(INSIDE)('is refused before anything is looked up: %s', async (_, host) => {
    const names = new Names();
    const fetch = fetching({ resolve: names.resolve, cidrs: [] });
    expect(await reasonOf(fetch.fetch(`http://${host}/hidden?token=hush`, plain()))).toBe('refused_address');
    expect(fetch.check(`http://${host}/`)).toMatch(/private (address|network)/);
    expect(names.asked).toEqual([]);
  });

  it.each([
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['10.1.2.3'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['224.0.0.1'],
    ['::'],
    ['::1'],
    ['::ffff:10.0.0.1'],
    ['::ffff:7f00:1'],
    ['64:ff9b::a00:1'],
    ['2002:a00:1::'],
    ['fd00:ec2::254'],
    ['fe80::1%lo'],
    ['ff02::1'],
    ['nonsense'],
  ])('is refused when a name leads there: %s', async (address) => {
    const names = new Names([[address]]);
    const answer = fetching({ resolve: names.resolve, cidrs: [] }).fetch('http://hook.example.com/', plain());
    const failure = await failureOf(answer);
    expect(failure.reason).toBe('refused_address');
    expect(failure.message).toBe('hook.example.com has no address on the public internet');
    expect(names.asked).toEqual(['hook.example.com']);
  });

  it('is reached where the operator allows it, and no further', async () => {
    const inside = await server();
    const fetch = fetching({ cidrs: ['127.0.0.1/32'] });
    expect((await fetch.fetch(inside.url('/', '127.0.0.1'), plain())).body.toString()).toBe('here');
    expect(await reasonOf(fetch.fetch(inside.url('/', '127.0.0.2'), plain()))).toBe('refused_address');
  });

  it.each(['receiver', 'hook.team.svc.cluster.local'])(
    'is reached by its name in that network, where the name leads to an allowed address: %s',
    async (name) => {
      const inside = await server();
      const there = fetching({ cidrs: ['127.0.0.1/32'], resolve: new Names([['127.0.0.1']]).resolve });
      expect(there.check(`http://${name}/`)).toBeNull();
      expect((await there.fetch(inside.url('/', name), plain())).body.toString()).toBe('here');
      const elsewhere = fetching({ cidrs: ['127.0.0.1/32'], resolve: new Names([['10.0.0.1']]).resolve });
      expect(await reasonOf(elsewhere.fetch(inside.url('/', name), plain()))).toBe('refused_address');
    },
  );

  it('is reached over v6 as well', async () => {
    const inside = await server('::1');
    const fetch = fetching({ cidrs: ['::1/128'], resolve: new Names([['::1']]).resolve });
    expect((await fetch.fetch(inside.url('/', '[::1]'), plain())).status).toBe(200);
    expect((await fetch.fetch(inside.url('/'), plain())).status).toBe(200);
    expect(inside.reachedAt).toEqual(['::1', '::1']);
  });
});

describe('a name', () => {
  it('is looked up once, and the address judged is the address connected to', async () => {
    const everywhere = await server('0.0.0.0');
    const names = new Names([['127.0.0.1'], ['127.0.0.2']]);
    const fetch = fetching({ resolve: names.resolve });
    expect((await fetch.fetch(everywhere.url(), plain())).status).toBe(200);
    expect(names.asked).toEqual(['hook.example.com']);
    expect(everywhere.reachedAt).toEqual(['127.0.0.1']);
    expect(everywhere.seen[0]?.headers.host).toBe(`hook.example.com:${everywhere.port}`);

    expect(await reasonOf(fetch.fetch(everywhere.url(), plain()))).toBe('refused_address');
    expect(everywhere.sockets).toHaveLength(1);
  });

  it('leads to its public addresses only', async () => {
    const everywhere = await server('0.0.0.0');
    const names = new Names([['127.0.0.2', '::1', '127.0.0.1', '127.0.0.3']]);
    expect((await fetching({ resolve: names.resolve }).fetch(everywhere.url(), plain())).status).toBe(200);
    expect(everywhere.reachedAt).toEqual(['127.0.0.1']);
  });

  it('leads to the next address when nobody answers at the first', async () => {
    const one = await server();
    const names = new Names([['127.0.0.2', '127.0.0.1']]);
    const fetch = fetching({ resolve: names.resolve, cidrs: ['127.0.0.0/8'] });
    expect((await fetch.fetch(one.url(), plain())).status).toBe(200);
    expect(names.asked).toHaveLength(1);
  });

  it('may have no address', async () => {
    const none = fetching({ resolve: new Names([[]]).resolve });
    expect(await reasonOf(none.fetch('http://hook.example.com/', plain()))).toBe('dns');
  });

  it('may not exist', async () => {
    const code = 'ENOTFOUND';
    const lost = fetching({ resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code })) });
    const failure = await failureOf(lost.fetch('http://hook.example.com/hidden', plain()));
    expect(failure).toMatchObject({ reason: 'dns', code });
    expect(failure.message).toBe('the name hook.example.com could not be resolved (ENOTFOUND)');
  });

  it('is looked up no longer than the whole may take, and too late is never', async () => {
    const inside = await server();
    let found: (addresses: { address: string; family: number }[]) => void = () => undefined;
    const fetch = fetching({ resolve: () => new Promise((resolve) => (found = resolve)) });
    expect(await reasonOf(fetch.fetch(inside.url(), plain({ timeoutMs: 100 })))).toBe('timeout');
    found([{ address: '127.0.0.1', family: 4 }]);
    expect((await fetching().fetch(inside.url(), plain())).status).toBe(200);
    expect(inside.sockets).toHaveLength(1);
  });

  it('is looked up by the system otherwise', async () => {
    const inside = await server();
    const fetch = fetching({ resolve: resolveBySystem });
    expect((await fetch.fetch(inside.url('/', 'localhost'), plain())).status).toBe(200);
  });
});

describe('a port', () => {
  it('that nobody listens at makes no connection', async () => {
    const gone = await server();
    const url = gone.url();
    await servers.pop()?.stop();
    const failure = await failureOf(fetching().fetch(url, plain()));
    expect(failure).toMatchObject({ reason: 'connect', code: 'ECONNREFUSED' });
  });

  it('that nobody listens at, at none of the addresses', async () => {
    const gone = await server();
    const url = gone.url();
    await servers.pop()?.stop();
    const names = new Names([['127.0.0.1', '127.0.0.2']]);
    const fetch = fetching({ resolve: names.resolve, cidrs: ['127.0.0.0/8'] });
    expect(await reasonOf(fetch.fetch(url, plain()))).toBe('connect');
  });
});

describe('a URL', () => {
  it('is https, unless plain http is allowed', async () => {
    const strict = fetching({ http: false });
    expect(strict.check('http://hook.example.com/')).toBe('must be https');
    expect(strict.check('https://hook.example.com/')).toBeNull();
    expect(fetching().check('http://hook.example.com/')).toBeNull();
    expect(await reasonOf(strict.fetch('http://hook.example.com/?token=hush', plain()))).toBe('refused_scheme');
  });

  it.each([
    'ftp://hook.example.com/',
    'file:///etc/passwd',
    'ws://hook.example.com/',
    'data:,x',
    'gopher://127.0.0.1/',
  ])('is of no other scheme: %s', async (url) => {
    expect(fetching().check(url)).toContain('only http and https are fetched');
    expect(await reasonOf(fetching().fetch(url, plain()))).toBe('refused_scheme');
  });

  it('is one', async () => {
    expect(await reasonOf(fetching().fetch('hidden hush', plain()))).toBe('refused_address');
  });

  it('carries no password, which would be told nobody', async () => {
    expect(await reasonOf(fetching().fetch('https://token:hush@hook.example.com/', plain()))).toBe('refused_address');
  });
});
