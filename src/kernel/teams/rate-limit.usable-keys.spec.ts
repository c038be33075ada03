import type { Database } from '../database/database.js';
import { hashOf } from './key-text.js';
import { UsableKeys } from './rate-limit.usable-keys.js';

describe('the keys that are good', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const setUp = () => {
    const state = { keys: ['sbx_good'], questions: 0, away: false };
    const query = () => {
      state.questions += 1;
      if (state.away) return Promise.reject(new Error('away'));
      return Promise.resolve(state.keys.map((key) => ({ hash: hashOf(key) })));
    };
    return { state, usable: new UsableKeys({ query } as unknown as Database) };
  };

  it('are told from a thousand others with one question a second', async () => {
    const { state, usable } = setUp();
    const guesses = Array.from({ length: 1_000 }, (_, i) => usable.has(`sbx_guess${i}`));
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([false]));
    expect(await usable.has('sbx_good')).toBe(true);
    expect(state.questions).toBe(1);
    jest.advanceTimersByTime(1_001);
    await usable.has('sbx_guess');
    expect(state.questions).toBe(2);
  });

  it('are known a second after they were made, and forgotten a second after they were revoked', async () => {
    const { state, usable } = setUp();
    await usable.has('sbx_good');
    state.keys = ['sbx_new'];
    expect([await usable.has('sbx_good'), await usable.has('sbx_new')]).toEqual([true, false]);
    jest.advanceTimersByTime(1_001);
    expect([await usable.has('sbx_good'), await usable.has('sbx_new')]).toEqual([false, true]);
  });

  it('are asked for again after the database was away', async () => {
    const { state, usable } = setUp();
    state.away = true;
    await expect(usable.has('sbx_good')).rejects.toThrow('away');
    state.away = false;
    expect(await usable.has('sbx_good')).toBe(true);
  });
});
