import { within } from './within.js';

describe('within', () => {
  it('gives what comes in time, and its failure', async () => {
    await expect(within(1_000, Promise.resolve(1))).resolves.toBe(1);
    await expect(within(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('gives up on what does not', async () => {
    await expect(within(5, new Promise(() => undefined))).rejects.toThrow('not within 5 ms');
  });
});
