import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { bodySha, safeId, timeOfId } from './delivery-key.js';

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

  it.each(['', 'x', '017f22e2-79b0-7cc3-98c4-dc0c0c07398', '017f22e279b07cc398c4dc0c0c07398f'])(
    'is not guessed from what is no id: %j',
    (id) => {
      expect(() => timeOfId(id)).toThrow(TypeError);
    },
  );

  it('is now for an id that is made now', () => {
    const before = Date.now();
    const time = timeOfId(uuidv7());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() + 1);
  });
});

describe('the hash of a body', () => {
  const sha = (body: Buffer) => createHash('sha256').update(body).digest('hex');

  it('is the SHA-256 of its bytes, for one notice after the other', () => {
    const bodies = ['a', 'b', 'a', ''].map((text) => Buffer.from(text));
    for (const body of bodies) expect(bodySha(body).toString('hex')).toBe(sha(body));
  });

  it('is reckoned once for one body, however often it is asked for', () => {
    const body = Buffer.from('x');
    expect(bodySha(body)).toBe(bodySha(body));
    expect(bodySha(Buffer.from('x')).equals(bodySha(body))).toBe(true);
  });
});
