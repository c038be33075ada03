import type { InboundSource } from './inbound-source.js';
import { SourceRegistry } from './source-registry.js';

const source = (name: string, ...paths: string[]): InboundSource => ({
  name,
  provider: name,
  paths,
  secretHeaders: [],
  missingKeys: () => [],
  verify: () => undefined,
  identify: () => null,
});

describe('an address that a vendor calls', () => {
  const registry = new SourceRegistry();
  registry.register(source('pyannote', '/webhook'));
  registry.register(source('relay', '/api/v1/avatar/status_update', '/relay'));

  it.each([
    ['/webhook', '/webhooks/pyannote'],
    ['/webhook?job=1&k=a.b', '/webhooks/pyannote?job=1&k=a.b'],
    ['/webhook?', '/webhooks/pyannote?'],
    ['/webhook?a=/relay?b', '/webhooks/pyannote?a=/relay?b'],
    ['/api/v1/avatar/status_update', '/webhooks/relay'],
    ['/relay?x', '/webhooks/relay?x'],
  ])('of the original leads to where it is now: %s', (url, now) => {
    expect(registry.rewrite(url)).toBe(now);
  });

  it.each([
    '/',
    '',
    '?',
    '/webhooks/pyannote?job=1',
    '/webhook/',
    '/webhook/more',
    '//webhook',
    '/WEBHOOK',
    '/v1/jobs?x=/webhook',
    '/webhook#a',
    '/toString',
    '__proto__',
  ])('of no original stays as it is: %s', (url) => {
    expect(registry.rewrite(url)).toBe(url);
  });
});

describe('the inbound sources of a process', () => {
  it('are found by name', () => {
    const registry = new SourceRegistry();
    const [a, b] = [source('a'), source('b')];
    registry.register(a);
    registry.register(b);
    expect(registry.all()).toEqual([a, b]);
    expect(registry.named('b')).toBe(b);
    expect(registry.named('toString')).toBeUndefined();
  });

  it('cannot share a name', () => {
    const registry = new SourceRegistry();
    registry.register(source('a'));
    expect(() => registry.register(source('a'))).toThrow('inbound source a is registered twice');
  });

  it('cannot share an address', () => {
    const registry = new SourceRegistry();
    registry.register(source('a', '/webhook'));
    expect(() => registry.register(source('b', '/webhook'))).toThrow('inbound address /webhook is claimed twice');
  });
});
