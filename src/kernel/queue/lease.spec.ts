import { whileLeased } from './lease.js';

describe('a lease', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const lasting = (ms: number) => () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), ms));

  it('is renewed at half its length for as long as the work lasts, and no longer', async () => {
    let renewals = 0;
    const renew = () => Promise.resolve(void (renewals += 1));
    const work = whileLeased(60_000, renew, lasting(100_000));
    await jest.advanceTimersByTimeAsync(29_999);
    expect(renewals).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(renewals).toBe(1);
    await jest.advanceTimersByTimeAsync(70_000);
    expect(await work).toBe('done');
    expect(renewals).toBe(3);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('of work that is quick is not renewed at all', async () => {
    const renew = jest.fn(() => Promise.resolve());
    expect(await whileLeased(60_000, renew, () => Promise.resolve(7))).toBe(7);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(renew).not.toHaveBeenCalled();
  });

  it('that could not be renewed is tried again at the next half, and the work goes on', async () => {
    const renew = jest.fn(() => Promise.reject(new Error('the database is away')));
    const work = whileLeased(60_000, renew, lasting(100_000));
    await jest.advanceTimersByTimeAsync(100_000);
    expect(await work).toBe('done');
    expect(renew).toHaveBeenCalledTimes(3);
  });

  it('ends with work that fails, and lets the failure through', async () => {
    const renew = jest.fn(() => Promise.resolve());
    await expect(whileLeased(60_000, renew, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(jest.getTimerCount()).toBe(0);
  });
});
