import { MasterKey } from '../config/master-key.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { Callback } from './callback.js';

const NEW = 'a'.repeat(64);
const OLD = 'b'.repeat(64);
const JOB = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const TEAM = '019aa0b0-0000-7000-8000-000000000001';
const CLAIM = { jobId: JOB, kind: 'diarization', teamId: TEAM };

function callbackWith(keys: { key?: string; previous?: string; url?: string } = {}): Callback {
  const env = parseEnv(ServiceEnv, {
    SIGNALBOX_MASTER_KEY: keys.key ?? NEW,
    SIGNALBOX_MASTER_KEY_PREVIOUS: keys.previous,
    PUBLIC_URL: keys.url ?? 'https://signalbox.example.com',
  });
  return new Callback(env, new MasterKey(env));
}

type Query = Record<'job' | 'w' | 'k', string>;

function queryOf(callback: Callback, provider = 'acme', claim = CLAIM): Query {
  const { searchParams } = new URL(callback.urlFor(provider, claim) ?? '');
  return Object.fromEntries(searchParams) as Query;
}

describe('the address that a vendor is given', () => {
  it('names the job, its kind and team, and proves that we said so', () => {
    const url = new URL(callbackWith().urlFor('acme', CLAIM) ?? '');
    expect(url.origin + url.pathname).toBe('https://signalbox.example.com/webhooks/acme');
    expect([...url.searchParams.keys()]).toEqual(['job', 'w', 'k']);
    expect(url.searchParams.get('job')).toBe(JOB);
    expect(url.searchParams.get('w')).toBe(`diarization.${TEAM}`);
    expect(url.searchParams.get('k')).toMatch(/^[\w-]{4}\.[\w-]{22}$/);
  });

  it.each(['https://example.com/', 'https://example.com///', 'https://example.com'])('is clean below %s', (url) => {
    expect(callbackWith({ url }).urlFor('acme', CLAIM)).toMatch(/^https:\/\/example\.com\/webhooks\/acme\?job=/);
  });

  it('keeps the path below which the service lives', () => {
    expect(callbackWith({ url: 'https://example.com/signal/box' }).urlFor('acme', CLAIM)).toContain(
      'https://example.com/signal/box/webhooks/acme?',
    );
  });

  it('is none without a public address', () => {
    expect(callbackWith({ url: '' }).urlFor('acme', CLAIM)).toBeNull();
  });

  it('is the same every time, so that it can be made again', () => {
    expect(callbackWith().urlFor('acme', CLAIM)).toBe(callbackWith().urlFor('acme', CLAIM));
  });
});

describe('our signature on an address', () => {
  const callback = callbackWith();
  const good = queryOf(callback);

  it('is believed', () => {
    expect(callback.verify('acme', good)).toEqual(CLAIM);
  });

  it('does not care what else the vendor adds to the address', () => {
    expect(callback.verify('acme', { ...good, attempt: '2' } as Query)).toEqual(CLAIM);
  });

  const otherId = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a12';
  const flipped = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  it.each<[string, Partial<Record<keyof Query, string>>]>([
    ['another job', { job: otherId }],
    ['another kind', { w: `training.${TEAM}` }],
    ['another team', { w: `diarization.${otherId}` }],
    ['another key id', { k: flipped(good.k, 0) }],
    ['another signature', { k: flipped(good.k, 6) }],
    ['a signature that is cut', { k: good.k.slice(0, -2) }],
    ['a signature that goes on', { k: `${good.k}AAAA` }],
    ['no signature', { k: good.k.slice(0, 5) }],
    ['no key id', { k: good.k.slice(4) }],
    ['the signature alone', { k: good.k.slice(5) }],
    ['no kind', { w: `.${TEAM}` }],
    ['no team', { w: 'diarization' }],
    ['a kind with a dot', { w: `diarization.x.${TEAM}` }],
    ['something behind the team', { w: `diarization.${TEAM}.x` }],
    ['a job in capitals', { job: JOB.toUpperCase() }],
    ['no job', { job: '' }],
  ])('is not believed with %s', (_, over) => {
    expect(callback.verify('acme', { ...good, ...over })).toBeNull();
  });

  it('is not believed at another provider', () => {
    expect(callback.verify('other', good)).toBeNull();
  });

  it('is not believed for one job when it was made for another', () => {
    const theirs = queryOf(callback, 'acme', { ...CLAIM, jobId: otherId });
    expect(callback.verify('acme', { ...good, k: theirs.k })).toBeNull();
  });

  it('is not believed under another master key', () => {
    expect(callbackWith({ key: OLD }).verify('acme', good)).toBeNull();
  });

  it('made under the previous master key is still believed, and new ones are made under the present one', () => {
    const before = queryOf(callbackWith({ key: OLD }));
    const rotated = callbackWith({ key: NEW, previous: OLD });
    expect(rotated.verify('acme', before)).toEqual(CLAIM);
    expect(queryOf(rotated)).toEqual(good);
    expect(callbackWith({ key: NEW }).verify('acme', before)).toBeNull();
  });

  const garbage: unknown[] = [
    undefined,
    null,
    '',
    0,
    true,
    NaN,
    [],
    {},
    [JOB],
    [[JOB, JOB]],
    { toString: () => JOB },
    Symbol('x'),
    () => JOB,
    '.',
    '..',
    '\0',
    '\ud800',
    'é'.repeat(100),
    'A'.repeat(1_000_000),
    `${'A.'.repeat(10_000)}`,
    '__proto__',
  ];

  it('is total: whatever stands in its place is no claim', () => {
    for (const one of garbage) {
      for (const name of ['job', 'w', 'k'] as const)
        expect(callback.verify('acme', { ...good, [name]: one })).toBeNull();
      expect(callback.verify('acme', { job: one, w: one, k: one })).toBeNull();
    }
    expect(callback.verify('acme', {})).toBeNull();
  });
});
