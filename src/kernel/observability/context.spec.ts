import { setImmediate as turn } from 'node:timers/promises';
import { currentContext, withContext } from './context.js';

describe('the ids of the work under way', () => {
  it('are none outside of any work', () => {
    expect(currentContext()).toEqual({});
  });

  it('add up on the way in and are gone on the way out', () => {
    withContext({ requestId: 'r' }, () => {
      withContext({ jobId: 'j' }, () => expect(currentContext()).toEqual({ requestId: 'r', jobId: 'j' }));
      expect(currentContext()).toEqual({ requestId: 'r' });
    });
    expect(currentContext()).toEqual({});
  });

  it('are replaced by those of work inside', () => {
    withContext({ jobId: 'outer' }, () => {
      withContext({ jobId: 'inner' }, () => expect(currentContext()).toEqual({ jobId: 'inner' }));
    });
  });

  it('stay apart when work is interleaved', async () => {
    const one = (requestId: string) =>
      withContext({ requestId }, async () => {
        await turn();
        await Promise.resolve();
        return currentContext();
      });
    expect(await Promise.all([one('a'), one('b'), one('c')])).toEqual([
      { requestId: 'a' },
      { requestId: 'b' },
      { requestId: 'c' },
    ]);
  });

  it('end with an error as they do with success', () => {
    expect(() =>
      withContext({ jobId: 'j' }, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(currentContext()).toEqual({});
  });
});
