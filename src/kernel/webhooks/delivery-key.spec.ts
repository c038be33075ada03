import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { safeId, timeOfId } from './delivery-key.js';

const LONE = '\ud800';

describe('an id of a vendor', () => {
  it.each(['', 'a', 'EV_abc123', 'x'.repeat(200), 'é'.repeat(100), 'smile 😀', 'sha256:abc', ' '])(
    'is kept as it is: %j',
    (id) => {
      expect(safeId(id)).toBe(id);
    },
  );

  it.each(['x'.repeat(201), 'é'.repeat(101), 'a\0b', `a${LONE}`, '\udc00', 'x'.repeat(1_000_000)])(
    'that a column or its index would refuse is kept as its hash: %#',
    (id) => {
      expect(safeId(id)).toBe(`sha256:${createHash('sha256').update(Buffer.from(id, 'utf16le')).digest('hex')}`);
    },
  );

  it('stays apart from every other', () => {
    const ids = ['a\0', 'a\0\0', `a${LONE}`, 'a\ud801', 'a\ufffd', 'a\ufffd\ufffd'];
    expect(new Set(ids.map(safeId)).size).toBe(ids.length);
  });

  it('is the same when it comes again', () => {
    expect(safeId('x'.repeat(300))).toBe(safeId('x'.repeat(300)));
  });
});

describe('the time inside an id', () => {
  it.each([0, 1, 1_763_683_200_123, 2 ** 48 - 1])('is the one that it was made at: %i', (msecs) => {
    expect(timeOfId(uuidv7({ msecs }))).toBe(msecs);
  });

  it('is read byte by byte as RFC 9562 says', () => {
    expect(timeOfId('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(1_645_557_742_000);
  });

  it('is now for an id that is made now', () => {
    const before = Date.now();
    const time = timeOfId(uuidv7());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() + 1);
  });
});
