import { isPublicAddress, outsideUrlFault } from './outside-url.js';

const fault = (url: string, allow: string[] = []) => outsideUrlFault(url, allow);

describe('a URL that somebody else gave us', () => {
  it.each([
    'https://example.com/a.wav',
    'http://example.com:8080/a.wav?x=1#y',
    'HTTPS://EXAMPLE.COM',
    'https://example.com./',
    'https://bücher.example/',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'https://[::ffff:93.184.215.14]/',
    'https://mylocalhost.com/',
    'https://internal.example.com/',
    'https://:@example.com/',
  ])('may point outside: %s', (url) => {
    expect(fault(url)).toBeNull();
  });

  it.each([
    'file:///etc/passwd',
    'data:audio/wav;base64,AAAA',
    'ftp://example.com/a',
    'gopher://example.com/',
    'blob:https://example.com/1',
    'javascript:alert(1)',
    'ws://example.com/',
    's3://bucket/key',
    'mailto:a@example.com',
  ])('has a scheme that nobody fetches: %s', (url) => {
    expect(fault(url)).toBe(`has the scheme ${new URL(url).protocol}; only http and https are fetched`);
  });

  it.each(['', 'example.com/a.wav', '/etc/passwd', '//example.com/', 'http://', 'https://[::1', 'http://a b/', '\0'])(
    'is no URL at all: %j',
    (url) => {
      expect(fault(url)).toBe('is not a URL; give an absolute http or https address');
    },
  );

  it.each([
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://:pass@example.com/',
    'https://example.com@127.0.0.1/',
    'https://example.com%20@10.0.0.1/',
  ])('carries a user name or password: %s', (url) => {
    expect(fault(url)).toBe('carries a user name or password; give a signed URL instead');
  });

  it.each([
    ['this machine', 'http://127.0.0.1/'],
    ['this machine, otherwise', 'http://127.8.8.8/'],
    ['this machine, short', 'http://127.1/'],
    ['this machine, decimal', 'http://2130706433/'],
    ['this machine, octal', 'http://0177.0.0.1/'],
    ['this machine, hexadecimal', 'http://0x7f000001/'],
    ['this machine, hexadecimal in parts', 'http://0x7f.0.0x0.1/'],
    ['this machine, in circles', 'http://①②⑦.⓪.⓪.①/'],
    ['this machine, escaped', 'http://%31%32%37.0.0.1/'],
    ['this machine, with a trailing dot', 'http://127.0.0.1./'],
    ['this machine, with two trailing dots', 'http://127.0.0.1../'],
    ['this machine, with backslashes', 'http:\\\\127.0.0.1\\'],
    ['this machine, with a tab', 'ht\ttp://127.0.0\t.1/'],
    ['this machine, v6', 'http://[::1]/'],
    ['this machine, v6 written out', 'http://[0:0:0:0:0:0:0:1]/'],
    ['this machine, v4 in v6', 'http://[::ffff:127.0.0.1]/'],
    ['this machine, v4 in v6 as hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['this machine, v4 in v6 the old way', 'http://[::127.0.0.1]/'],
    ['this machine, translated', 'http://[64:ff9b::7f00:1]/'],
    ['this machine, by 6to4', 'http://[2002:7f00:1::]/'],
    ['any address of this machine', 'http://0.0.0.0/'],
    ['any address of this machine, short', 'http://0/'],
    ['any address of this machine, v6', 'http://[::]/'],
    ['a private network, 10', 'http://10.0.0.1/'],
    ['a private network, 172', 'http://172.31.255.255/'],
    ['a private network, 192', 'http://192.168.1.1/'],
    ['a private network, v6', 'http://[fd00::1]/'],
    ['a private network, v6 the old way', 'http://[fec0::1]/'],
    ['a private network, v4 in v6', 'http://[::ffff:a00:1]/'],
    ['a carrier’s network', 'http://100.64.0.1/'],
    ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['the metadata of a cloud, decimal', 'http://2852039166/'],
    ['the metadata of a cloud, hexadecimal', 'http://0xa9fea9fe/'],
    ['the metadata of a cloud, v4 in v6', 'http://[::ffff:169.254.169.254]/'],
    ['the metadata of a cloud, v6', 'http://[fd00:ec2::254]/'],
    ['the link', 'http://[fe80::1]/'],
    ['many at once', 'http://224.0.0.1/'],
    ['many at once, v6', 'http://[ff02::1]/'],
    ['everybody', 'http://255.255.255.255/'],
    ['nobody yet', 'http://240.0.0.1/'],
    ['an example', 'http://192.0.2.1/'],
    ['an example, v6', 'http://[2001:db8::1]/'],
  ])('points to %s: %s', (_, url) => {
    expect(fault(url)).toBe('points to a private address, which cannot be fetched from outside');
  });

  it.each([
    'http://localhost/',
    'http://LOCALHOST:8080/',
    'http://localhost./',
    'http://localhost../',
    'http://localhost。/',
    'http://a.b.localhost/',
    'http://.localhost/',
    'http://metadata.google.internal/',
    'http://api.internal./',
    'http://printer.local/',
    'http://router.lan/',
    'http://nas.home.arpa/',
    'http://wiki.intranet/',
    'http://host.localdomain/',
    'http://nobody.invalid/',
    'http://x.test/',
    'http://database/',
    'http://./',
  ])('names a host of a private network: %s', (url) => {
    expect(fault(url)).toBe('names a host of a private network, which cannot be fetched from outside');
  });

  it.each([
    ['http://10.20.3.4/', ['10.20.0.0/16']],
    ['http://[::ffff:10.20.3.4]/', ['10.20.0.0/16']],
    ['http://127.0.0.1:8000/', ['127.0.0.0/8']],
    ['http://localhost:8000/', ['127.0.0.0/8']],
    ['http://[fd00::1]/', ['10.0.0.0/8', 'fd00::/8']],
    ['http://example.com/', ['10.0.0.0/8']],
  ])('may point inside where that is allowed: %s with %j', (url, allow) => {
    expect(fault(url, allow)).toBeNull();
  });

  it.each([
    ['http://10.21.0.1/', ['10.20.0.0/16']],
    ['http://127.0.0.1/', ['10.0.0.0/8']],
    ['http://localhost/', ['10.0.0.0/8']],
    ['http://localhost/', ['::1/128']],
    ['http://metadata.google.internal/', ['127.0.0.0/8', '10.0.0.0/8', '169.254.0.0/16']],
    ['http://[fd00::1]/', ['10.0.0.0/8']],
    ['http://10.0.0.1/', ['fd00::/8']],
  ])('may not point inside anywhere else: %s with %j', (url, allow) => {
    expect(fault(url, allow)).not.toBeNull();
  });

  it('is never shown in what is wrong with it', () => {
    expect(fault('https://user:hush@example.com/')).not.toContain('hush');
  });
});

describe('an address found by name', () => {
  it.each(['93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublicAddress(address, [])).toBe(true);
  });

  it.each(['127.0.0.1', '::1', '::ffff:10.0.0.1', '169.254.169.254', 'fe80::1%eth0', 'example.com', ''])(
    '%s is not',
    (address) => {
      expect(isPublicAddress(address, [])).toBe(false);
    },
  );
});
