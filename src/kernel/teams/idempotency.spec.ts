import type { Database, Transaction } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { Idempotency, bodyHash } from './idempotency.js';

const same = (a: unknown, b: unknown) => bodyHash(a).equals(bodyHash(b));

describe('the hash of a body', () => {
  it('does not depend on the order of names, at any depth', () => {
    expect(
      same({ a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } }, { b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 }),
    ).toBe(true);
  });

  it('does not depend on names that JavaScript would reorder', () => {
    expect(same(JSON.parse('{"b":1,"10":2,"9":3}'), JSON.parse('{"9":3,"10":2,"b":1}'))).toBe(true);
  });

  it.each<[string, unknown, unknown]>([
    ['the order of a list', { a: [1, 2] }, { a: [2, 1] }],
    ['a value', { a: 1 }, { a: 2 }],
    ['a type', { a: 1 }, { a: '1' }],
    ['a name', { a: 1 }, { b: 1 }],
    ['null and absent', { a: null }, {}],
    ['an empty list and an empty object', { a: [] }, { a: {} }],
    ['where a value belongs', { a: { b: 1 }, c: {} }, { a: {}, c: { b: 1 } }],
    ['what looks like structure', { a: '1,"b":2' }, { a: '1', b: 2 }],
    ['no body and an empty one', undefined, {}],
  ])('tells apart %s', (_, a, b) => {
    expect(same(a, b)).toBe(false);
  });

  it('is 32 bytes, the same on every day', () => {
    expect(bodyHash({ b: 1, a: 'é' }).toString('hex')).toBe(bodyHash({ a: 'é', b: 1 }).toString('hex'));
    expect(bodyHash({})).toHaveLength(32);
    expect(bodyHash({}).toString('hex')).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});

interface Row {
  job_id: string;
  body_hash: Buffer;
}

/** A transaction in which the key is free, or taken by that row. */
function transaction(taken?: Row | 'vanished', onInsert?: Error) {
  const statements: string[] = [];
  const tx = {
    execute: (sql: string) => Promise.resolve(statements.push(sql)),
    query: (sql: string) => {
      statements.push(sql);
      if (sql.startsWith('insert')) {
        if (onInsert) return Promise.reject(onInsert);
        return Promise.resolve(taken === undefined ? [{ key: 'k' }] : []);
      }
      return Promise.resolve(typeof taken === 'object' ? [taken] : []);
    },
  };
  return { tx: tx as unknown as Transaction, statements };
}

/** Claims happen inside of a transaction. */
const database = {} as Database;
const claim = { teamId: 't', route: 'POST /v1/diarizations', key: 'k', body: { url: 'x' }, jobId: 'mine' };
const claimIn = ({ tx }: { tx: Transaction }, over: Partial<typeof claim> = {}) =>
  new Idempotency(database).claim(tx, { ...claim, ...over });

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Problem) return error;
  throw new Error(`no problem, but ${String(error)}`);
}

describe('an idempotency key', () => {
  it('that is free stands for the caller’s own job', async () => {
    expect(await claimIn(transaction())).toBe('mine');
  });

  it('that stands for a job with the same body gives that job', async () => {
    const row = { job_id: 'earlier', body_hash: bodyHash({ url: 'x' }) };
    expect(await claimIn(transaction(row))).toBe('earlier');
  });

  it('that was used with another body is 422', async () => {
    const problem = await problemOf(claimIn(transaction({ job_id: 'earlier', body_hash: bodyHash({ url: 'y' }) })));
    expect([problem.getStatus(), problem.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('whose first request is still under way after the wait is 409, soon to be tried again', async () => {
    const timeout = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    const problem = await problemOf(claimIn(transaction('vanished', timeout)));
    expect([problem.getStatus(), problem.code, problem.extras.retryAfter]).toEqual([409, 'idempotency_key_in_use', 1]);
  });

  it('whose first request was rolled back meanwhile is 409, soon to be tried again', async () => {
    expect((await problemOf(claimIn(transaction('vanished')))).code).toBe('idempotency_key_in_use');
  });

  it('lets other failures of the database through', async () => {
    const away = Object.assign(new Error('away'), { code: '08006' });
    await expect(claimIn(transaction('vanished', away))).rejects.toBe(away);
  });

  it('waits for a rival for a bounded time, and for nothing else in that transaction', async () => {
    const { tx, statements } = transaction();
    await claimIn({ tx });
    expect(statements[0]).toMatch(/^set local lock_timeout = [1-9]\d+$/);
    expect(statements.at(-1)).toBe('set local lock_timeout = 0');
  });

  it.each(['', ' ', 'a b', 'é', 'a\nb', 'a\0', 'x'.repeat(256)])('may not be %j', async (key) => {
    const problem = await problemOf(claimIn(transaction(), { key }));
    expect(problem.getStatus()).toBe(400);
    expect(problem.extras.errors?.[0]?.field).toBe('Idempotency-Key');
  });

  it.each(['a', '0190-uuid', '~!@#$%^&*()_+', 'x'.repeat(255)])('may be %j', async (key) => {
    expect(await claimIn(transaction(), { key })).toBe('mine');
  });
});
