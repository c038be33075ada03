import { FaultStore } from './fault-store.js';

const fault = { vendor: 'v', fault: 'lose', match: {}, params: {} };

describe('the store of faults', () => {
  it('uses a fault up, the oldest first', () => {
    const faults = new FaultStore();
    const first = faults.add({ ...fault, times: 2 });
    const second = faults.add({ ...fault, times: 1 });
    const struck = [1, 2, 3, 4].map(() => faults.take('v', 'lose', {})?.id);
    expect(struck).toEqual([first.id, first.id, second.id, undefined]);
    expect(faults.list()).toEqual([]);
  });

  it('keeps one without a count until it is cleared', () => {
    const faults = new FaultStore();
    faults.add({ ...fault, times: null });
    expect([1, 2, 3].every(() => faults.take('v', 'lose', {}) !== undefined)).toBe(true);
    expect(faults.list()).toMatchObject([{ struck: 3 }]);
    faults.clear();
    expect(faults.take('v', 'lose', {})).toBeUndefined();
  });

  it('strikes only what it names', () => {
    const faults = new FaultStore();
    faults.add({ ...fault, times: null, match: { jobId: 'a' } });
    faults.add({ ...fault, fault: 'delay', times: null, match: { url: 'hook' } });
    expect(faults.take('v', 'lose', { jobId: 'b' })).toBeUndefined();
    expect(faults.take('v', 'lose', {})).toBeUndefined();
    expect(faults.take('other', 'lose', { jobId: 'a' })).toBeUndefined();
    expect(faults.take('v', 'lose', { jobId: 'a' })).toBeDefined();
    expect(faults.take('v', 'delay', { urls: [undefined, 'http://x/audio.wav'] })).toBeUndefined();
    expect(faults.take('v', 'delay', { urls: ['http://x/audio.wav', 'http://x/hook'] })).toBeDefined();
  });

  it('leaves alone what does not suit', () => {
    const faults = new FaultStore();
    faults.add({ ...fault, times: 1, params: { on: 'get' } });
    expect(faults.take('v', 'lose', {}, (one) => one.params.on === 'submit')).toBeUndefined();
    expect(faults.take('v', 'lose', {}, (one) => one.params.on === 'get')).toBeDefined();
  });
});
