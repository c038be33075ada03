import { within } from './within.js';

describe('work that is waited for', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const lasting = (ms: number, how: () => Promise<string>) =>
    new Promise<void>((resolve) => setTimeout(resolve, ms)).then(how);

  /** What became of it by now. */
  function watched(work: Promise<string>) {
    const state = { word: 'waiting' };
    work.then(
      (word) => (state.word = word),
      (error: Error) => (state.word = error.message),
    );
    return state;
  }

  it('gives its outcome when it is in time', async () => {
    await expect(within(100, Promise.resolve('done'))).resolves.toBe('done');
    await expect(within(100, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is given up when it takes longer', async () => {
    const state = watched(
      within(
        100,
        lasting(101, () => Promise.resolve('done')),
      ),
    );
    await jest.advanceTimersByTimeAsync(99);
    expect(state.word).toBe('waiting');
    await jest.advanceTimersByTimeAsync(1);
    expect(state.word).toBe('not within 100 ms');
  });
});
