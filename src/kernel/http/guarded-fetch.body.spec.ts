import { KeptBytes } from './guarded-fetch.body.js';

describe('the bytes kept of a body', () => {
  it('are its first ones', () => {
    const kept = new KeptBytes(5);
    expect(kept.add(Buffer.from('abc'))).toBe(true);
    expect(kept.full).toBe(false);
    expect(kept.add(Buffer.from('de'))).toBe(true);
    expect(kept.full).toBe(true);
    expect(kept.add(Buffer.from('f'))).toBe(false);
    expect(kept.bytes().toString()).toBe('abcde');
  });

  it('may be none', () => {
    const kept = new KeptBytes(0);
    expect(kept.full).toBe(true);
    expect(kept.add(Buffer.from('a'))).toBe(false);
    expect(kept.bytes()).toHaveLength(0);
  });

  it('are as many as were sent, however small their pieces', () => {
    const kept = new KeptBytes(1_000_000);
    const sent = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    for (const byte of sent) kept.add(Buffer.from([byte]));
    expect(kept.bytes()).toEqual(sent);
  });

  it('took no room before they came', () => {
    const kept = new KeptBytes(2 ** 40);
    kept.add(Buffer.from('a'));
    expect(kept.bytes().buffer.byteLength).toBeLessThan(100_000);
  });
});
