import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { InboxWriter } from './inbox-writer.js';
import type { InboxRow } from './inbox-writer.js';
import type { Partitions } from './partitions.js';

const uuid = (n: number) => `019aa0b0-7c1e-7b3a-9b0e-${n.toString(16).padStart(12, '0')}`;
const numberOf = (id: Buffer | null) => id?.readUIntBE(10, 6) ?? -1;

function row(n: number, over: Partial<InboxRow> = {}): InboxRow {
  return {
    id: uuid(n),
    receivedAt: Date.UTC(2026, 10, 21),
    source: 'acme',
    provider: 'acme',
    deliveryId: `d${String(n).padStart(6, '0')}`,
    refs: '[]',
    callbackJob: null,
    address: '203.0.113.7',
    headers: '{}',
    body: Buffer.from('{}'),
    bodySha: Buffer.alloc(32, n % 256),
    retryNumber: null,
    retryReason: null,
    ...over,
  };
}

/** The elements of an array in Postgres' binary format. */
function elements(array: Buffer): (Buffer | null)[] {
  const found: (Buffer | null)[] = [];
  for (let at = 20; at < array.length;) {
    const length = array.readInt32BE(at);
    found.push(length === -1 ? null : array.subarray(at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  return found;
}

interface Statement {
  name: string;
  values: Buffer[];
  /** The numbers of its rows. */
  rows: number[];
  answer: (known?: number[]) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

/** Everything that can go on without an answer of the database goes on. */
async function turns(): Promise<void> {
  for (let i = 0; i < 4; i++) await turn();
}

const withCode = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

describe('the writer of the inbox', () => {
  let statements: Statement[];
  let writer: InboxWriter;
  let ensure: jest.Mock<Promise<boolean>, [number]>;
  beforeEach(() => {
    statements = [];
    ensure = jest.fn((_time: number) => Promise.resolve(true));
    const query = ({ name, values }: { name: string; values: Buffer[] }) =>
      new Promise<{ rows: { id: string }[] }>((resolve, reject) => {
        statements.push({
          name,
          values,
          rows: elements(values[0] ?? Buffer.alloc(0)).map(numberOf),
          answer: (known = []) => {
            resolve({ rows: known.map((n) => ({ id: uuid(n) })) });
            return turns();
          },
          fail: (error) => {
            reject(error);
            return turns();
          },
        });
      });
    const database = { pool: { query } } as unknown as Database;
    writer = new InboxWriter(database, { ensure } as unknown as Partitions, new KernelMetrics());
  });

  /** What has become of each notice so far. */
  function adding(rows: InboxRow[]) {
    const fates: string[] = rows.map(() => 'waiting');
    rows.forEach((one, i) => {
      writer.add(one).then(
        (isNew) => (fates[i] = isNew ? 'new' : 'known'),
        (error: Error) => (fates[i] = error.message),
      );
    });
    return fates;
  }

  const upTo = (count: number, over: Partial<InboxRow> = {}) => Array.from({ length: count }, (_, n) => row(n, over));
  const sizes = () => statements.map(({ rows }) => rows.length);
  const at = (index: number): Statement => {
    const found = statements[index];
    if (!found) throw new Error(`there were only ${statements.length} statements`);
    return found;
  };

  it('writes what arrives in one moment as one statement, without a timer', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      adding(upTo(5));
      expect(statements).toHaveLength(0);
      await turns();
      expect(sizes()).toEqual([5]);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says nothing before the rows are committed', async () => {
    const fates = adding(upTo(2));
    await turns();
    expect(fates).toEqual(['waiting', 'waiting']);
    await at(0).answer();
    expect(fates).toEqual(['new', 'new']);
  });

  it('tells the new from the known', async () => {
    const fates = adding(upTo(4));
    await turns();
    await at(0).answer([1, 3]);
    expect(fates).toEqual(['new', 'known', 'new', 'known']);
  });

  it('has two statements under way and no more; what comes meanwhile goes together', async () => {
    for (let n = 0; n < 10; n++) {
      adding([row(n)]);
      await turns();
    }
    expect(sizes()).toEqual([1, 1]);
    await at(1).answer();
    expect(sizes()).toEqual([1, 1, 8]);
    adding([row(10)]);
    await turns();
    expect(sizes()).toEqual([1, 1, 8]);
    await at(0).answer();
    expect(sizes()).toEqual([1, 1, 8, 1]);
  });

  it('puts no more than 256 rows into a statement', async () => {
    adding(upTo(600));
    await turns();
    expect(sizes()).toEqual([256, 256]);
    await at(0).answer();
    expect(sizes()).toEqual([256, 256, 88]);
  });

  it('puts no more than a megabyte into a statement', async () => {
    adding(upTo(40, { body: Buffer.alloc(60_000) }));
    await turns();
    await at(0).answer();
    expect(sizes()).toEqual([17, 17, 6]);
  });

  it('lets a body of more than 64 KB go alone, in its turn', async () => {
    const big = { body: Buffer.alloc(65_537) };
    adding([row(0), row(1), row(2, big), row(3, big), row(4)]);
    await turns();
    for (let i = 0; i < 3; i++) await at(i).answer();
    expect(statements.map(({ rows }) => rows)).toEqual([[0, 1], [2], [3], [4]]);
  });

  it('lets a body of 64 KB go with the others', async () => {
    adding([row(0), row(1, { body: Buffer.alloc(65_536) }), row(2)]);
    await turns();
    expect(sizes()).toEqual([3]);
  });

  it('sorts a group by the key of the ledger, so that two groups never wait for each other', async () => {
    adding([
      row(0, { source: 'b', deliveryId: '1' }),
      row(1, { source: 'a', deliveryId: '9' }),
      row(2, { source: 'a', deliveryId: '10' }),
      row(3, { source: 'b', deliveryId: '0' }),
    ]);
    await turns();
    expect(at(0).rows).toEqual([2, 1, 3, 0]);
  });

  it('answers each with its own fate, although they were sorted', async () => {
    const fates = adding([row(0, { deliveryId: 'z' }), row(1, { deliveryId: 'y' }), row(2, { deliveryId: 'x' })]);
    await turns();
    await at(0).answer([0]);
    expect(fates).toEqual(['known', 'new', 'new']);
  });

  it('sends every column, in order, as a binary array', async () => {
    const full = row(7, {
      refs: '["r"]',
      callbackJob: uuid(9),
      headers: '{"a":"é"}',
      retryNumber: '2',
      retryReason: 'timeout',
      body: Buffer.from([0, 1]),
    });
    adding([full, row(8)]);
    await turns();
    const columns = at(0).values.map((value) => elements(value).map((element) => element?.toString('hex') ?? null));
    const hex = (text: string) => Buffer.from(text).toString('hex');
    expect(at(0).name).toBe('inbox-insert');
    expect(columns).toEqual([
      [uuid(7).replaceAll('-', ''), uuid(8).replaceAll('-', '')],
      Array(2).fill((9_821n * 86_400_000_000n).toString(16).padStart(16, '0')),
      [hex('acme'), hex('acme')],
      [hex('acme'), hex('acme')],
      [hex('d000007'), hex('d000008')],
      [hex('\u0001["r"]'), hex('\u0001[]')],
      [uuid(9).replaceAll('-', ''), null],
      [hex('203.0.113.7'), hex('203.0.113.7')],
      [hex('\u0001{"a":"é"}'), hex('\u0001{}')],
      ['0001', hex('{}')],
      ['07'.repeat(32), '08'.repeat(32)],
      [hex('2'), null],
      [hex('timeout'), null],
    ]);
  });

  it('tries each row of a failed group once alone, and refuses only the bad one', async () => {
    const fates = adding(upTo(4));
    await turns();
    await at(0).fail(withCode('22P05'));
    for (const n of [0, 1, 2, 3]) {
      expect(at(n + 1).rows).toEqual([n]);
      await (n === 2 ? at(n + 1).fail(withCode('22P05')) : at(n + 1).answer(n === 3 ? [3] : []));
    }
    expect(fates).toEqual(['new', 'new', 'failed with 22P05', 'known']);
    expect(statements).toHaveLength(5);
  });

  it('goes on with the next groups while a failed one is sorted out', async () => {
    adding([row(0)]);
    await turns();
    await at(0).fail(withCode('22P05'));
    const later = adding([row(1)]);
    await turns();
    expect(at(2).rows).toEqual([1]);
    await at(2).answer();
    expect(later).toEqual(['new']);
  });

  it('makes a missing day before it tries again', async () => {
    const fates = adding(upTo(2));
    await turns();
    await at(0).fail(withCode('23514'));
    expect(ensure.mock.calls).toEqual([[Date.UTC(2026, 10, 21)]]);
    await at(1).answer();
    await at(2).answer();
    expect(fates).toEqual(['new', 'new']);
  });

  it('made only one of two missing days when a group came at midnight', async () => {
    adding([row(0), row(1, { receivedAt: Date.UTC(2026, 10, 22) }), row(2)]);
    await turns();
    await at(0).fail(withCode('23514'));
    await turns();
    expect(ensure.mock.calls.flat().sort()).toEqual([Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 22)]);
    for (const index of [1, 2, 3]) await at(index).answer();
  });

  it('tries again although the day cannot be made: another may have made it', async () => {
    ensure.mockRejectedValue(new Error('no'));
    const fates = adding([row(0)]);
    await turns();
    await at(0).fail(withCode('23514'));
    await at(1).answer();
    expect(fates).toEqual(['new']);
  });

  it('refuses all at once while the database is away', async () => {
    const fates = adding(upTo(3));
    await turns();
    await at(0).fail(withCode('ECONNREFUSED'));
    expect(fates).toEqual(Array(3).fill('failed with ECONNREFUSED'));
    expect(statements).toHaveLength(1);
    expect(ensure).not.toHaveBeenCalled();
  });

  it('does not try row after row on a database that went away in between', async () => {
    const fates = adding(upTo(4));
    await turns();
    await at(0).fail(withCode('22P05'));
    await at(1).answer();
    await at(2).fail(withCode('57P01'));
    expect(fates).toEqual(['new', 'failed with 57P01', 'failed with 57P01', 'failed with 57P01']);
    expect(statements).toHaveLength(3);
  });

  it('is ready for more after the database came back', async () => {
    for (let n = 0; n < 5; n++) {
      adding([row(n)]);
      await turns();
      await at(n).fail(withCode('08006'));
    }
    const fates = adding([row(5)]);
    await turns();
    await at(5).answer();
    expect(fates).toEqual(['new']);
  });
});
