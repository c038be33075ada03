import { setImmediate as turn } from 'node:timers/promises';
import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { Database } from '../database/database.js';
import { AppLogger } from '../observability/app-logger.js';
import type { Doorbell } from '../queue/doorbell.js';
import type { InboundSource, Notice } from './inbound-source.js';
import { NoticedJobs } from './noticed-jobs.js';

interface Known {
  /** Jobs found by the vendor's ids. */
  byRefs?: string[];
  /** The vendor's id of the job that the address names; undefined when there is no such job. */
  own?: string | null;
  /** How many open jobs a nudge meets. */
  due?: number;
}

function jobs(known: Known) {
  const rung: [string, string | undefined][] = [];
  const lines: string[] = [];
  const query = (sql: string) =>
    Promise.resolve(
      sql.includes('union')
        ? (known.byRefs ?? []).map((id) => ({ id }))
        : known.own === undefined
          ? []
          : [{ externalId: known.own }],
    );
  const execute = jest.fn(() => Promise.resolve(known.due ?? 1));
  const env = parseEnv(ServiceEnv, {});
  const noticed = new NoticedJobs(
    { query, execute } as unknown as Database,
    { ring: (queue: string, row?: string) => void rung.push([queue, row]) } as unknown as Doorbell,
    new Pace(env),
    new AppLogger(env, { write: (line) => void lines.push(line) }),
  );
  return { noticed, rung, lines, execute };
}

const find = (known: Known, callbackJob: string | null, refs = ['r']) =>
  jobs(known).noticed.find('acme', callbackJob, refs);

describe('the job that a notice is about', () => {
  it('is found by the vendor’s ids where the address proves nothing', async () => {
    expect(await find({ byRefs: ['a'] }, null)).toEqual({ jobs: ['a'] });
  });

  it('may be many: a room that ends', async () => {
    expect(await find({ byRefs: ['a', 'b'] }, null)).toEqual({ jobs: ['a', 'b'] });
  });

  it('may be none', async () => {
    expect(await find({}, null)).toEqual({ jobs: [] });
    expect(await find({ own: undefined }, 'a')).toEqual({ jobs: [] });
  });

  it('is the one of the address where the vendor’s ids agree', async () => {
    expect(await find({ byRefs: ['a'] }, 'a')).toEqual({ jobs: ['a'] });
    expect(await find({ byRefs: ['b', 'a'] }, 'a')).toEqual({ jobs: ['a'] });
  });

  it('is the one of the address where we do not know the vendor’s id yet', async () => {
    expect(await find({ own: null }, 'a')).toEqual({ jobs: ['a'] });
  });

  it('is the one of the address where the notice names no ids', async () => {
    expect(await find({ own: 'e' }, 'a', [])).toEqual({ jobs: ['a'] });
  });

  it('is nobody’s when the address names one and the ids another', async () => {
    expect(await find({ byRefs: ['b'] }, 'a')).toEqual({
      mismatch: 'the address names job a, the notice names job b',
    });
  });

  it('is nobody’s when the address names one that has another id at the vendor', async () => {
    expect(await find({ own: 'e' }, 'a')).toEqual({
      mismatch: expect.stringContaining('the address names job a') as string,
    });
  });
});

describe('a notice that is genuine and late', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  const source = { name: 'acme', provider: 'acme', identify: () => ({ deliveryId: 'd', refs: ['r'] }) };
  const notice = { headers: {}, body: Buffer.alloc(0), callback: null };
  const nudge = async (noticed: NoticedJobs, over: object = {}) => {
    noticed.nudgeFor({ ...source, ...over } as unknown as InboundSource, notice as unknown as Notice);
    await turn();
  };

  it('has its jobs asked about at once', async () => {
    const { noticed, rung } = jobs({ byRefs: ['a', 'b'] });
    await nudge(noticed);
    expect(rung).toEqual([
      ['check:acme', 'a'],
      ['check:acme', 'b'],
    ]);
  });

  it('has a job asked about once a minute at most', async () => {
    const { noticed, rung, execute } = jobs({ byRefs: ['a'] });
    for (let i = 0; i < 5; i++) await nudge(noticed);
    jest.advanceTimersByTime(59_999);
    await nudge(noticed);
    expect([rung.length, execute.mock.calls.length]).toEqual([1, 1]);
    jest.advanceTimersByTime(1);
    await nudge(noticed);
    expect(rung).toHaveLength(2);
  });

  it('rings for no job that is settled or due anyway', async () => {
    const { noticed, rung } = jobs({ byRefs: ['a'], due: 0 });
    await nudge(noticed);
    expect(rung).toEqual([]);
  });

  it('that its source cannot read is a warning and nothing worse', async () => {
    const { noticed, rung, lines } = jobs({ byRefs: ['a'] });
    const identify = () => {
      throw new TypeError('no');
    };
    await nudge(noticed, { identify });
    expect(rung).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('nudge failed');
  });

  it('that names two jobs that do not agree has nobody asked', async () => {
    const { noticed, rung } = jobs({ byRefs: ['b'] });
    noticed.nudgeFor(
      source as unknown as InboundSource,
      {
        ...notice,
        callback: { jobId: 'a', kind: 'k', teamId: 't' },
      } as unknown as Notice,
    );
    await turn();
    expect(rung).toEqual([]);
  });
});
