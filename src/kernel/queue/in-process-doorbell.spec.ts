import { setImmediate as turn } from 'node:timers/promises';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from '../observability/app-logger.js';
import { InProcessDoorbell } from './in-process-doorbell.js';

/** Work that lasts until it is told to end. */
function slowWork() {
  const started: (string | null)[] = [];
  const ends: (() => void)[] = [];
  const handler = (row: string | null) =>
    new Promise<void>((resolve) => {
      started.push(row);
      ends.push(resolve);
    });
  const end = async () => {
    ends.shift()?.();
    await turns();
  };
  return { handler, started, end };
}

/** Everything that can go on without us goes on. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}

describe('the doorbell of a single process', () => {
  let lines: string[];
  let doorbell: InProcessDoorbell;
  beforeEach(() => {
    lines = [];
    const stream = { write: (line: string) => void lines.push(line) };
    doorbell = new InProcessDoorbell(new AppLogger(parseEnv(ServiceEnv, {}), stream));
  });

  function answering(queue = 'check:acme', concurrency = 8) {
    const rung: (string | null)[] = [];
    const handler = (row: string | null) => Promise.resolve(void rung.push(row));
    doorbell.answer(queue, handler, { concurrency });
    return rung;
  }

  it('only collects until it is opened', async () => {
    const rung = answering();
    doorbell.ring('check:acme', 'a');
    doorbell.ring('check:acme');
    await turns();
    expect(rung).toEqual([]);
    doorbell.open();
    await turns();
    expect(rung).toEqual(['a', null]);
  });

  it('keeps bells that ring before anybody answers', async () => {
    doorbell.ring('check:acme', 'a');
    const rung = answering();
    doorbell.open();
    await turns();
    expect(rung).toEqual(['a']);
  });

  it('does not queue a row twice while it waits', async () => {
    const rung = answering();
    for (const row of ['a', 'b', 'a', 'a', 'b']) doorbell.ring('check:acme', row);
    doorbell.open();
    await turns();
    expect(rung).toEqual(['a', 'b']);
  });

  it('queues a row again once it is being worked on: there may be more', async () => {
    const { handler, started, end } = slowWork();
    doorbell.answer('check:acme', handler, { concurrency: 1 });
    doorbell.open();
    doorbell.ring('check:acme', 'a');
    await turns();
    doorbell.ring('check:acme', 'a');
    await end();
    expect(started).toEqual(['a', 'a']);
  });

  it('rings as often as it was rung where the table says which', async () => {
    const rung = answering();
    for (let i = 0; i < 3; i++) doorbell.ring('check:acme');
    doorbell.open();
    await turns();
    expect(rung).toEqual([null, null, null]);
  });

  it('keeps the queues apart', async () => {
    const checks = answering('check:acme');
    const submits = answering('submit:acme');
    doorbell.open();
    doorbell.ring('check:acme', 'a');
    doorbell.ring('submit:acme');
    await turns();
    expect([checks, submits]).toEqual([['a'], [null]]);
  });

  it('works on no more than it is told to at a time, and goes on when one ends', async () => {
    const { handler, started, end } = slowWork();
    doorbell.answer('check:acme', handler, { concurrency: 2 });
    doorbell.open();
    for (const row of ['a', 'b', 'c', 'd']) doorbell.ring('check:acme', row);
    await turns();
    expect(started).toEqual(['a', 'b']);
    await end();
    expect(started).toEqual(['a', 'b', 'c']);
    await end();
    await end();
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('never answers before ring has returned', async () => {
    const rung = answering();
    doorbell.open();
    doorbell.ring('check:acme', 'a');
    expect(rung).toEqual([]);
    await turns();
    expect(rung).toEqual(['a']);
  });

  it.each<[string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('goes on after a handler that %s, and says so once', async (_, fail) => {
    const rung: (string | null)[] = [];
    const handler = (row: string | null) => (row === 'bad' ? fail() : Promise.resolve(void rung.push(row)));
    doorbell.answer('check:acme', handler, { concurrency: 1 });
    doorbell.open();
    doorbell.ring('check:acme', 'bad');
    doorbell.ring('check:acme', 'good');
    await turns();
    expect(rung).toEqual(['good']);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', queue: 'check:acme', row: 'bad' });
    expect(await doorbell.waiting('check:acme')).toBe(0);
  });

  it('counts bells that wait or are being worked on', async () => {
    const { handler, end } = slowWork();
    doorbell.answer('submit:acme', handler, { concurrency: 1 });
    doorbell.open();
    for (let i = 0; i < 3; i++) doorbell.ring('submit:acme');
    await turns();
    expect(await doorbell.waiting('submit:acme')).toBe(3);
    await end();
    expect(await doorbell.waiting('submit:acme')).toBe(2);
    expect(await doorbell.waiting('nobody')).toBe(0);
  });

  it('has one handler per queue: a second one is a boot error', () => {
    answering('check:acme');
    answering('check:other');
    expect(() => answering('check:acme')).toThrow('queue check:acme has two handlers');
  });
});

describe('closing the doorbell', () => {
  let doorbell: InProcessDoorbell;
  let work: ReturnType<typeof slowWork>;
  beforeEach(() => {
    const stream = { write: () => undefined };
    doorbell = new InProcessDoorbell(new AppLogger(parseEnv(ServiceEnv, {}), stream));
    work = slowWork();
    doorbell.answer('check:acme', work.handler, { concurrency: 2 });
    doorbell.open();
  });

  async function closing(graceMs: number) {
    const state = { closed: false };
    const done = doorbell.close(graceMs).then(() => (state.closed = true));
    await turns();
    return { state, done };
  }

  it('waits for what is under way, and takes no more', async () => {
    for (const row of ['a', 'b', 'c']) doorbell.ring('check:acme', row);
    await turns();
    const { state, done } = await closing(60_000);
    doorbell.ring('check:acme', 'd');
    await work.end();
    expect(state.closed).toBe(false);
    await work.end();
    await done;
    expect(work.started).toEqual(['a', 'b']);
  });

  it('ends at once when nothing is under way', async () => {
    const { state } = await closing(60_000);
    expect(state.closed).toBe(true);
  });

  it('counts as under way what was taken and has not begun yet', async () => {
    doorbell.ring('check:acme', 'a');
    const { state, done } = await closing(60_000);
    expect(state.closed).toBe(false);
    await work.end();
    await done;
    expect(work.started).toEqual(['a']);
  });

  it('waits no longer than the grace', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      doorbell.ring('check:acme', 'a');
      await turns();
      const { state } = await closing(1_000);
      await jest.advanceTimersByTimeAsync(999);
      expect(state.closed).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(state.closed).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('ringing later', () => {
  let doorbell: InProcessDoorbell;
  let rung: (string | null)[];
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const stream = { write: () => undefined };
    doorbell = new InProcessDoorbell(new AppLogger(parseEnv(ServiceEnv, {}), stream));
    rung = [];
    doorbell.answer('check:acme', (row) => Promise.resolve(void rung.push(row)), { concurrency: 1 });
    doorbell.open();
  });
  afterEach(() => jest.useRealTimers());

  it('rings at that time and not before', async () => {
    doorbell.ringLater('check:acme', 'a', 5_000);
    doorbell.ringLater('check:acme', undefined, 5_000);
    await jest.advanceTimersByTimeAsync(4_999);
    await turns();
    expect(rung).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    await turns();
    expect(rung).toEqual(['a', null]);
  });

  it('is forgotten by closing', async () => {
    doorbell.ringLater('check:acme', 'a', 5_000);
    await doorbell.close(0);
    doorbell.ringLater('check:acme', 'b', 1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
