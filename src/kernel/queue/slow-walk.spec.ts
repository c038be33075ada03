import { SlowWalk } from './slow-walk.js';

const ids = ['1', '2', '3', '4', '5'];

function walking(restMs: number) {
  const walk = new SlowWalk(2, restMs);
  const seen: string[] = [];
  const read = (after: string, most: number) =>
    Promise.resolve(ids.filter((id) => id > after).map((id) => ({ id }))).then((rows) => rows.slice(0, most));
  const step = (fails?: string) =>
    walk.step(read, ({ id }) => {
      if (id === fails) return Promise.reject(new Error(id));
      seen.push(id);
      return Promise.resolve(id !== '2');
    });
  return { seen, step };
}

describe('a slow walk through a table', () => {
  it('takes one batch per step, tells what it changed, and rests at the end', async () => {
    const { seen, step } = walking(60_000);
    expect([await step(), await step(), await step()]).toEqual([1, 2, 1]);
    expect(seen).toEqual(ids);
    expect(await step()).toBe(0);
    expect(seen).toEqual(ids);
  });

  it('begins again after its rest', async () => {
    const { seen, step } = walking(0);
    for (let i = 0; i < 4; i++) await step();
    expect(seen).toEqual([...ids, '1', '2']);
  });

  it('goes on where it was interrupted', async () => {
    const { seen, step } = walking(60_000);
    await expect(step('2')).rejects.toThrow('2');
    await step();
    expect(seen).toEqual(['1', '2', '3']);
  });
});
