import { setImmediate as turn } from 'node:timers/promises';
import { MasterKey } from '../config/master-key.js';
import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { Database } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { Callback } from '../jobs/callback.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import type { SeenRequest } from '../observability/request-log.js';
import type { InboundSource, Notice } from './inbound-source.js';
import { RefusalGate } from './refusal-gate.js';
import { Refusals } from './refusals.js';
import { SourceRegistry } from './source-registry.js';

const source: InboundSource = {
  name: 'acme',
  provider: 'acme',
  paths: [],
  secretHeaders: ['x-token'],
  missingKeys: () => [],
  verify: () => undefined,
  identify: () => null,
  provesItself: (headers) => headers['x-token'] === 'genuine',
};
const other: InboundSource = { ...source, name: 'other', provider: 'other', provesItself: undefined };

const notice = (address = '203.0.113.7', over: Partial<Notice> = {}): Notice => ({
  source: 'acme',
  headers: { 'x-token': 'hush' },
  body: Buffer.from('{}'),
  receivedAt: new Date(),
  callback: null,
  address,
  ...over,
});

const env = parseEnv(ServiceEnv, { PUBLIC_URL: 'https://example.com', SIGNALBOX_MASTER_KEY: 'a'.repeat(64) });

let rows: unknown[][];
let lines: string[];
let metrics: KernelMetrics;
let refusals: Refusals;
let execute: jest.Mock<Promise<number>, [string, unknown[]]>;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  jest.setSystemTime(Date.UTC(2026, 10, 21));
  rows = [];
  lines = [];
  metrics = new KernelMetrics();
  execute = jest.fn((_, parameters) => Promise.resolve(rows.push(parameters)));
  const logger = new AppLogger(env, { write: (line) => void lines.push(line) });
  refusals = new Refusals({ execute } as unknown as Database, metrics, logger, new Pace(env));
});
afterEach(() => jest.useRealTimers());

function refuse(times: number, address?: string, reason = 'wrong_signature', from = source): void {
  for (let i = 0; i < times; i++) refusals.record(from, notice(address), reason);
}

describe('a refusal', () => {
  it('is always counted, by source and reason', async () => {
    refuse(3);
    refuse(1, undefined, 'stale');
    const { values } = await metrics.verificationsFailed.get();
    expect(values.map(({ labels, value }) => ({ ...labels, value }))).toEqual([
      { source: 'acme', reason: 'wrong_signature', value: 3 },
      { source: 'acme', reason: 'stale', value: 1 },
    ]);
  });

  it('is kept with the beginning of its body, its full length, and no secret', () => {
    refusals.record(source, notice('203.0.113.7', { body: Buffer.alloc(10_000, 7) }), 'wrong_signature');
    const [, name, reason, address, headers, body, length] = rows[0] ?? [];
    expect([name, reason, address, length]).toEqual(['acme', 'wrong_signature', '203.0.113.7', 10_000]);
    expect(body).toEqual(Buffer.alloc(8_192, 7));
    expect(String(headers)).toMatch(/^\{"x-token":"sha256:/);
  });

  it('is kept once a second per address and reason', () => {
    refuse(10);
    refuse(1, undefined, 'stale');
    refuse(1, '203.0.113.8');
    expect(rows.map(([, , reason, address]) => [reason, address])).toEqual([
      ['wrong_signature', '203.0.113.7'],
      ['stale', '203.0.113.7'],
      ['wrong_signature', '203.0.113.8'],
    ]);
  });

  it('is kept five times a second at most, however many addresses there are', () => {
    for (let i = 0; i < 50; i++) refuse(1, `203.0.113.${i}`);
    expect(rows).toHaveLength(5);
    jest.advanceTimersByTime(1_000);
    for (let i = 0; i < 50; i++) refuse(1, `203.0.113.${i}`);
    expect(rows).toHaveLength(10);
  });

  it('that cannot be kept is a warning and nothing worse', async () => {
    execute.mockRejectedValue(new Error('away'));
    refuse(1);
    await turn();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('a refusal was counted but not kept');
  });
});

describe('an address', () => {
  it('has had too many refusals after twenty in ten seconds', () => {
    refuse(19);
    expect(refusals.hasTooMany('acme', '203.0.113.7')).toBe(false);
    refuse(1);
    expect(refusals.hasTooMany('acme', '203.0.113.7')).toBe(true);
  });

  it('has had them at one source and not at the others', () => {
    refuse(20);
    expect(refusals.hasTooMany('other', '203.0.113.7')).toBe(false);
    expect(refusals.hasTooMany('acme', '203.0.113.8')).toBe(false);
  });

  it('is forgiven after ten seconds', () => {
    refuse(20);
    jest.advanceTimersByTime(9_999);
    expect(refusals.hasTooMany('acme', '203.0.113.7')).toBe(true);
    jest.advanceTimersByTime(1);
    expect(refusals.hasTooMany('acme', '203.0.113.7')).toBe(false);
    refuse(1);
    expect(refusals.hasTooMany('acme', '203.0.113.7')).toBe(false);
  });

  it('is forgotten when ten thousand others come after it, so that memory stays bounded', () => {
    refuse(20, 'first');
    for (let i = 0; i < 9_999; i++) refuse(1, `address ${i}`);
    expect(refusals.hasTooMany('acme', 'first')).toBe(true);
    refuse(1, 'one more');
    expect(refusals.hasTooMany('acme', 'first')).toBe(false);
  });
});

describe('the gate before a notice is read', () => {
  const callback = new Callback(env, new MasterKey(env));
  const claim = {
    jobId: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11',
    kind: 'diarization',
    teamId: '019aa0b0-0000-7000-8000-000000000001',
  };
  const ours = Object.fromEntries(new URL(callback.urlFor('acme', claim) ?? '').searchParams);

  function knock(over: object = {}): void {
    const registry = new SourceRegistry();
    for (const one of [source, other]) registry.register(one);
    const request = { params: { source: 'acme' }, query: {}, headers: {}, ip: '203.0.113.7', ...over };
    new RefusalGate(refusals, registry, callback).check(request as unknown as SeenRequest);
  }

  it('lets everybody through who was not refused too often', () => {
    refuse(19);
    expect(() => knock()).not.toThrow();
  });

  it('turns an address away that was, and says when to come back', () => {
    refuse(20);
    expect(() => knock()).toThrow(Problem);
    try {
      knock();
    } catch (error) {
      const problem = error as Problem;
      expect([problem.getStatus(), problem.code, problem.extras.retryAfter]).toEqual([429, 'too_many_refusals', 10]);
    }
    expect.assertions(2);
  });

  it('lets through what carries our own signature', () => {
    refuse(20);
    expect(() => knock({ query: ours })).not.toThrow();
    expect(() => knock({ query: { ...ours, k: 'AAAA.AAAAAAAAAAAAAAAAAAAAAA' } })).toThrow(Problem);
  });

  it('lets through what proves itself by a header', () => {
    refuse(20);
    expect(() => knock({ headers: { 'x-token': 'genuine' } })).not.toThrow();
    expect(() => knock({ headers: { 'x-token': 'other' } })).toThrow(Problem);
  });

  it('has no header to go by where the source knows none', () => {
    refuse(20, undefined, 'wrong_signature', other);
    expect(() => knock({ params: { source: 'other' }, headers: { 'x-token': 'genuine' } })).toThrow(Problem);
  });

  it.each([
    { params: {} },
    { params: { source: 'unknown' } },
    { params: { source: '__proto__' } },
    { params: { id: 'acme' } },
  ])('is none on other routes: %j', (over) => {
    refuse(20);
    expect(() => knock(over)).not.toThrow();
  });
});
