/** Repeatable chance (mulberry32): a failing body can be made again from its seed. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Bodies that somebody thought of, whatever the vendor. */
const CURIOUS: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from([0]),
  Buffer.alloc(4_096),
  Buffer.from([0xff, 0xfe, 0xfd]),
  Buffer.from([0xc3, 0x28, 0xa0, 0xa1]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from('\uFEFF{}'),
  ...['null', 'true', '0', '-0', '1e999', '""', '[]', '{}', '[null]', '{"', '{"a":}', 'undefined', 'NaN'].map(asBytes),
  asBytes('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}'),
  asBytes('{"toString":1,"valueOf":null,"hasOwnProperty":[]}'),
  asBytes('{"id":"\\u0000","status":"\\ud800","state":"\\udfff"}'),
  asBytes('['.repeat(100_000)),
  asBytes(`${'['.repeat(5_000)}${']'.repeat(5_000)}`),
  asBytes(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
  asBytes(`{"id":"${'x'.repeat(100_000)}"}`),
];

function asBytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

/** Mangled copies of real bodies, nonsense in their place, and pure noise. */
export function strangeBodies(genuine: readonly Buffer[], count: number, seed: number): Buffer[] {
  const random = chance(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T | undefined => list[upTo(list.length)];
  const noise = () => Buffer.from(Array.from({ length: upTo(200) }, () => upTo(256)));
  const values: unknown[] = [null, true, 0, -1, 1e308, '', '\0', '\ud800', [], {}, [[]], { id: {} }, 'x'.repeat(300)];
  const mangled = () => {
    const body = Buffer.from(pick(genuine) ?? noise());
    for (let i = 1 + upTo(4); i > 0 && body.length > 0; i--) body[upTo(body.length)] = upTo(256);
    return random() < 0.3 ? body.subarray(0, upTo(body.length)) : body;
  };
  const retyped = () => {
    const body = pick(genuine);
    if (!body) return noise();
    const fields = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    for (const name of Object.keys(fields)) if (random() < 0.5) fields[name] = pick(values);
    return asBytes(JSON.stringify(fields));
  };
  const makers = [noise, mangled, retyped];
  const made = Array.from({ length: Math.max(0, count - CURIOUS.length) }, () => (pick(makers) ?? noise)());
  return [...CURIOUS, ...made];
}
