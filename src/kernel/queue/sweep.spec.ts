import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Observer } from '../observability/observer.js';
import type { Duties } from './duties.js';
import { Sweep } from './sweep.js';

type Line = Record<string, unknown>;

describe('the sweep', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function sweepWith(take: () => Promise<boolean> = () => Promise.resolve(true)) {
    const lines: Line[] = [];
    const stream = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
    const env = parseEnv(ServiceEnv, {});
    const logger = new AppLogger(env, stream);
    const handBack = jest.fn(() => Promise.resolve());
    const duties: Pick<Duties, 'take' | 'handBack'> = { take, handBack };
    const observer = new Observer(logger, new KernelMetrics());
    return { sweep: new Sweep(duties as Duties, new Pace(env), observer, logger), lines, handBack };
  }

  it('lets every sweeper look, one after the other, and logs those that rang', async () => {
    const { sweep, lines } = sweepWith();
    const looked: string[] = [];
    const sweeper = (name: string, rung: number) => ({
      name,
      sweep: () => Promise.resolve(looked.push(name)).then(() => rung),
    });
    for (const one of [sweeper('jobs', 3), sweeper('deliveries', 0)]) sweep.register(one);
    await sweep.once();
    expect(looked).toEqual(['jobs', 'deliveries']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ msg: 'sweep', sweeper: 'jobs', outcome: 'rung', rung: 3 });
  });

  it('goes on after a sweeper that fails', async () => {
    const { sweep, lines } = sweepWith();
    const good = jest.fn(() => Promise.resolve(0));
    sweep.register({ name: 'bad', sweep: () => Promise.reject(new Error('no')) });
    sweep.register({ name: 'good', sweep: good });
    await sweep.once();
    expect(good).toHaveBeenCalledTimes(1);
    expect(lines[0]).toMatchObject({ level: 'error', sweeper: 'bad', error: { message: 'no' } });
  });

  it('looks as often as a sweeper wants', async () => {
    const { sweep } = sweepWith();
    const hourly = jest.fn(() => Promise.resolve(0));
    const always = jest.fn(() => Promise.resolve(0));
    sweep.register({ name: 'partitions', every: 3_600_000, sweep: hourly });
    sweep.register({ name: 'jobs', sweep: always });
    for (let i = 0; i < 3; i++) {
      await sweep.once();
      jest.advanceTimersByTime(5_000);
    }
    expect([hourly.mock.calls.length, always.mock.calls.length]).toEqual([1, 3]);
    jest.advanceTimersByTime(3_600_000);
    await sweep.once();
    expect(hourly).toHaveBeenCalledTimes(2);
  });

  it('waited an hour after an hourly sweeper had failed', async () => {
    const { sweep } = sweepWith();
    const hourly = jest.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValue(0);
    sweep.register({ name: 'partitions', every: 3_600_000, sweep: hourly });
    await sweep.once();
    jest.advanceTimersByTime(59_000);
    await sweep.once();
    expect(hourly).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1_000);
    await sweep.once();
    expect(hourly).toHaveBeenCalledTimes(2);
  });

  it('is the duty of one process: without it nobody looks', async () => {
    const { sweep } = sweepWith(() => Promise.resolve(false));
    const look = jest.fn(() => Promise.resolve(0));
    sweep.register({ name: 'jobs', sweep: look });
    await sweep.once();
    expect(look).not.toHaveBeenCalled();
  });

  it('is skipped, with a warning, while the database does not answer', async () => {
    const { sweep, lines } = sweepWith(() => Promise.reject(new Error('away')));
    const look = jest.fn(() => Promise.resolve(0));
    sweep.register({ name: 'jobs', sweep: look });
    await sweep.once();
    expect(look).not.toHaveBeenCalled();
    expect(lines[0]).toMatchObject({ level: 'warn', msg: 'sweep skipped: the database did not answer' });
  });

  it('comes round every five seconds, even after a round that failed', async () => {
    let rounds = 0;
    const { sweep } = sweepWith(() => (++rounds === 2 ? Promise.reject(new Error('away')) : Promise.resolve(true)));
    sweep.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(rounds).toBe(1);
    await jest.advanceTimersByTimeAsync(4_999);
    expect(rounds).toBe(1);
    await jest.advanceTimersByTimeAsync(5_001);
    expect(rounds).toBe(3);
    await sweep.stop();
  });

  it('never begins a round before the last one has ended', async () => {
    const { sweep } = sweepWith();
    let under = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      under -= 1;
      return 0;
    };
    sweep.register({ name: 'slow', sweep: slow });
    sweep.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(most).toBe(1);
    const stopped = sweep.stop();
    await jest.advanceTimersByTimeAsync(20_000);
    await stopped;
  });

  it('ends the round that is under way before it stops, and hands its duty back', async () => {
    const { sweep, handBack } = sweepWith();
    let ended = false;
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      ended = true;
      return 0;
    };
    sweep.register({ name: 'slow', sweep: slow });
    sweep.start();
    await jest.advanceTimersByTimeAsync(0);
    const stopped = sweep.stop();
    expect(handBack).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1_000);
    await stopped;
    expect(ended).toBe(true);
    expect(handBack).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops although its duty cannot be handed back', async () => {
    const { sweep, handBack } = sweepWith();
    handBack.mockRejectedValue(new Error('away'));
    await expect(sweep.stop()).resolves.toBeUndefined();
  });
});
