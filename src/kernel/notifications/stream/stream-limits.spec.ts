import { Problem } from '../../http/problem.js';
import { StreamLimits } from './stream-limits.js';

/** What one more is refused with; null when it is taken. */
function refused(limits: StreamLimits, key: string): string | null {
  try {
    limits.take(key);
    return null;
  } catch (error) {
    return error instanceof Problem ? `${error.getStatus()} ${error.code}` : 'something else';
  }
}

const fill = (limits: StreamLimits, key: string, count: number) => {
  for (let i = 0; i < count; i++) limits.take(key);
};

describe('the number of streams', () => {
  it('is 100 for a key, and another’s are not counted', () => {
    const limits = new StreamLimits();
    fill(limits, 'a', 100);
    expect([refused(limits, 'a'), refused(limits, 'b')]).toEqual(['429 limit_reached', null]);
    limits.give('a');
    expect([refused(limits, 'a'), refused(limits, 'a')]).toEqual([null, '429 limit_reached']);
  });

  it('is 2,000 for a process', () => {
    const limits = new StreamLimits();
    for (let key = 0; key < 20; key++) fill(limits, String(key), 100);
    expect(refused(limits, 'new')).toBe('503 unavailable');
    limits.give('7');
    expect([refused(limits, 'new'), refused(limits, 'new')]).toEqual([null, '503 unavailable']);
  });

  it('knows the keys that have any', () => {
    const limits = new StreamLimits();
    fill(limits, 'a', 2);
    fill(limits, 'b', 1);
    limits.give('a');
    limits.give('b');
    expect(limits.keys).toEqual(['a']);
  });
});
