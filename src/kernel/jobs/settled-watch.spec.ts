import type { Database } from '../database/database.js';
import { StreamEvent } from '../notifications/stream/stream-event.js';
import type { Follower, TailReader } from '../notifications/stream/tail-reader.js';
import { SettledWatch } from './settled-watch.js';

/** Looks every second while somebody follows. */
class Tail {
  follower: Follower | null = null;

  follow(follower: Follower): () => void {
    this.follower = follower;
    const timer = setInterval(() => follower.looked(), 1_000);
    return () => {
      clearInterval(timer);
      this.follower = null;
    };
  }

  async reads(type: string, jobId: string | null): Promise<void> {
    const cursor = { epoch: 1, tx: 1n, seq: 1n };
    const parts = { cursor, jobId, teamId: null, type, at: new Date(), isAnnounced: false, data: '{}' };
    await this.follower?.events([new StreamEvent(parts)]);
  }
}

describe('waiting for a job to be settled', () => {
  let asked: string[][];
  let settled: Set<string>;
  let away: boolean;
  let tail: Tail;
  let watch: SettledWatch;
  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    settled = new Set();
    away = false;
    const query = (_: string, [ids = []]: string[][]) => {
      asked.push(ids);
      if (away) return Promise.reject(new Error('away'));
      return Promise.resolve(ids.filter((id) => settled.has(id)).map((id) => ({ id })));
    };
    tail = new Tail();
    watch = new SettledWatch({ query } as unknown as Database, tail as unknown as TailReader);
  });
  afterEach(() => jest.useRealTimers());

  const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  /** Whether the wait is over. */
  function waiting(jobId: string, ms = 30_000) {
    const state = { over: false };
    void watch.wait(jobId, ms).then(() => (state.over = true));
    return state;
  }

  it('ends at once when this process settles it', async () => {
    const wait = waiting('a');
    await later(500);
    expect(wait.over).toBe(false);
    watch.settled('a');
    await later(0);
    expect(wait.over).toBe(true);
  });

  it('ends within a second when another process settles it', async () => {
    const wait = waiting('a');
    await later(10_500);
    settled.add('a');
    expect(wait.over).toBe(false);
    await later(500);
    expect(wait.over).toBe(true);
  });

  it('ends as soon as the tail reads that another process settled it', async () => {
    const wait = waiting('a');
    await later(10_100);
    settled.add('a');
    await tail.reads('diarization.failed', 'a');
    await later(0);
    expect(wait.over).toBe(true);
  });

  it.each<[string, string | null]>([
    ['diarization.running', 'a'],
    ['diarization.failed', 'b'],
    ['batch.finished', null],
  ])('asks nothing when the tail reads %s of %s', async (type, jobId) => {
    waiting('a');
    await later(100);
    asked = [];
    await tail.reads(type, jobId);
    await later(0);
    expect(asked).toEqual([]);
  });

  it('believes the row and not the name of an event', async () => {
    const wait = waiting('a');
    await tail.reads('copy.failed', 'a');
    await later(900);
    expect(wait.over).toBe(false);
  });

  it('ends at once when it was settled before anybody looked', async () => {
    settled.add('a');
    const wait = waiting('a');
    await later(0);
    expect(wait.over).toBe(true);
  });

  it('ends when the time is up', async () => {
    const wait = waiting('a', 1_500);
    await later(1_499);
    expect(wait.over).toBe(false);
    await later(1);
    expect(wait.over).toBe(true);
  });

  it('ends for everybody who waits for the job, and for nobody else', async () => {
    const [first, second, other] = [waiting('a'), waiting('a'), waiting('b')];
    watch.settled('a');
    await later(0);
    expect([first.over, second.over, other.over]).toEqual([true, true, false]);
  });

  it('asks once a second for all together', async () => {
    for (const id of ['a', 'b', 'c']) waiting(id);
    await later(0);
    asked = [];
    await later(3_000);
    expect(asked).toEqual(Array(3).fill(['a', 'b', 'c']));
  });

  it('asks nothing when nobody waits any more, and begins again when somebody does', async () => {
    waiting('a', 500);
    await later(5_000);
    expect(jest.getTimerCount()).toBe(0);
    asked = [];
    await later(60_000);
    expect(asked).toEqual([]);
    settled.add('b');
    const wait = waiting('b');
    await later(0);
    expect(wait.over).toBe(true);
  });

  it('goes on while the database is away', async () => {
    away = true;
    const wait = waiting('a');
    await later(3_500);
    expect(wait.over).toBe(false);
    away = false;
    settled.add('a');
    await later(500);
    expect(wait.over).toBe(true);
  });

  it('ends for all when the service stops, and does not begin again', async () => {
    const wait = waiting('a');
    watch.onModuleDestroy();
    const late = waiting('b');
    await later(0);
    expect([wait.over, late.over]).toEqual([true, true]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not mind a job that nobody waits for', () => {
    expect(() => watch.settled('nobody')).not.toThrow();
  });
});
