import { Readable } from 'node:stream';
import { zipOf } from './zip-of.js';

describe('A zip of many parts', () => {
  const parts = (streams: Readable[], count = 20) =>
    Array.from({ length: count }, (_, i) => ({
      name: `${i}.jpg`,
      size: 3,
      open: () => {
        const stream = Readable.from([Buffer.from('abc')]);
        streams.push(stream);
        return Promise.resolve(stream);
      },
    }));

  it('has as many bytes as it says, and no listener for each part', async () => {
    const { bytes, size } = await zipOf(parts([]));
    const before = bytes.listenerCount('close');
    const seen = new Set<number>();
    let length = 0;
    for await (const chunk of bytes) {
      length += (chunk as Buffer).length;
      seen.add(bytes.listenerCount('close') - before);
    }
    expect(length).toBe(size);
    expect(Math.max(...seen)).toBeLessThan(5);
  });

  it('closes the part that is being read when nobody wants the rest', async () => {
    const stalled = new Readable({ read: () => undefined });
    stalled.push(Buffer.alloc(1_000));
    const { bytes } = await zipOf([{ name: 'long.jpg', size: 9_000, open: () => Promise.resolve(stalled) }]);
    await new Promise<void>((begun) => bytes.once('data', () => begun()));
    bytes.destroy();
    await new Promise((closed) => stalled.once('close', closed));
    expect(stalled.destroyed).toBe(true);
  });
});
