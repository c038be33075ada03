import type { JobProvider, KindSpec } from './provider.js';
import { ProviderRegistry } from './provider-registry.js';

const spec = (over: Partial<KindSpec> = {}): KindSpec => ({
  kind: 'diarization',
  deadline: 3_600_000,
  checks: {
    withWebhook: { first: 60_000, factor: 2, max: 600_000 },
    withoutWebhook: { first: 5_000, factor: 1.5, max: 60_000 },
  },
  phases: [],
  resubmit: 'never',
  ...over,
});

function provider(name: string, ...kinds: KindSpec[]): JobProvider {
  const nothing = () => Promise.resolve(null);
  return { name, kinds, missingKeys: () => [], submit: () => Promise.resolve({}), interpret: nothing, check: nothing };
}

describe('the providers of a process', () => {
  it('are found by name and by the kinds that they do', () => {
    const registry = new ProviderRegistry();
    const acme = provider('acme', spec(), spec({ kind: 'voiceprint' }));
    const other = provider('other', spec({ kind: 'call' }));
    for (const one of [acme, other]) registry.register(one);
    expect(registry.all()).toEqual([acme, other]);
    expect(registry.named('other')).toBe(other);
    expect(registry.kindNames()).toEqual(['diarization', 'voiceprint', 'call']);
    expect(registry.ofKind('voiceprint')).toEqual({ provider: acme, spec: acme.kinds[1] });
  });

  it('tell what is secret in a kind, and nothing of kinds that nobody does any more', () => {
    const registry = new ProviderRegistry();
    registry.register(provider('acme', spec(), spec({ kind: 'voiceprint', secret: { result: ['print'] } })));
    expect(registry.secretsOf('voiceprint', 'result')).toEqual(['print']);
    expect(registry.secretKinds()).toEqual(['voiceprint']);
    expect(registry.secretsOf('voiceprint', 'input')).toEqual([]);
    expect(registry.secretsOf('diarization', 'result')).toEqual([]);
    expect(registry.secretsOf('drawing', 'result')).toEqual([]);
  });

  it.each(['', 'voiceprint', 'toString', '__proto__'])('do no jobs of the kind %j unless one says so', (kind) => {
    const registry = new ProviderRegistry();
    registry.register(provider('acme', spec()));
    expect(() => registry.ofKind(kind)).toThrow(`no enabled domain does jobs of kind ${kind}`);
    expect(() => registry.named(kind)).toThrow(`there is no provider ${kind}`);
  });

  it('cannot share a name', () => {
    const registry = new ProviderRegistry();
    registry.register(provider('acme', spec()));
    expect(() => registry.register(provider('acme', spec({ kind: 'call' })))).toThrow(
      'provider acme is registered twice',
    );
  });

  it('cannot share a kind, with another or with themselves', () => {
    const registry = new ProviderRegistry();
    registry.register(provider('acme', spec()));
    expect(() => registry.register(provider('other', spec()))).toThrow('kind diarization is claimed twice');
    expect(() => new ProviderRegistry().register(provider('acme', spec(), spec()))).toThrow(
      'kind diarization is claimed twice',
    );
  });

  const rhythm = { first: 5_000, factor: 1.5, max: 60_000 };
  const phase = (name: string, rank: number) => ({ name, rank, announced: false });
  it.each<[string, Partial<KindSpec>, string]>([
    [
      'checks that never begin',
      { checks: { withWebhook: rhythm, withoutWebhook: { ...rhythm, first: 0 } } },
      'checks never end up anywhere',
    ],
    [
      'checks that come ever faster',
      { checks: { withWebhook: { ...rhythm, factor: 0.9 }, withoutWebhook: rhythm } },
      'checks never end up anywhere',
    ],
    [
      'a longest wait that is shorter than the first',
      { checks: { withWebhook: rhythm, withoutWebhook: { ...rhythm, max: 4_999 } } },
      'checks never end up anywhere',
    ],
    ['a deadline before the first check', { deadline: 5_000 }, 'the deadline comes before the first check'],
    ['a secret that is nowhere', { secret: { result: ['a..b'] } }, 'a..b is no path to a secret'],
    ['a phase that is named twice', { phases: [phase('a', 0), phase('a', 1)] }, 'a phase is named twice'],
  ])('are refused at boot with %s', (_, over, problem) => {
    expect(() => new ProviderRegistry().register(provider('acme', spec(over)))).toThrow(`kind diarization: ${problem}`);
  });
});
