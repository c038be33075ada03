import { Readiness } from './readiness.js';

describe('a process', () => {
  it('wants traffic once it has started, and no more once it is told to stop', () => {
    const readiness = new Readiness();
    expect(readiness.current).toBe('starting');
    readiness.started();
    expect(readiness.current).toBe('ready');
    readiness.stopping();
    expect(readiness.current).toBe('stopping');
  });
});
