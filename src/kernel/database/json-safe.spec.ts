import { jsonSafe, jsonb, wellFormed } from './json-safe.js';

const HIGH = '\uD83D';
const LOW = '\uDE00';

describe('a text that Postgres takes', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    [`a smile ${HIGH}${LOW}`, 'a smile 😀'],
    ['a\0b\0', 'a\uFFFDb\uFFFD'],
    [`lone ${HIGH}`, 'lone \uFFFD'],
    [`lone ${LOW}!`, 'lone \uFFFD!'],
    [`the wrong way round ${LOW}${HIGH}`, 'the wrong way round \uFFFD\uFFFD'],
    ['\u0001\t\u2028', '\u0001\t\u2028'],
  ])('is made from %j', (text, formed) => {
    expect(wellFormed(text)).toBe(formed);
  });
});

describe('a value that jsonb takes', () => {
  it('has well-formed texts and names at every depth', () => {
    const value = { [`k\0${HIGH}`]: [{ deep: `v${LOW}` }, 'a\0'] };
    expect(jsonSafe(value)).toEqual({ 'k\uFFFD\uFFFD': [{ deep: 'v\uFFFD' }, 'a\uFFFD'] });
  });

  it.each([1, -0.5, true, null, undefined, [], {}])('is %j as it is', (value) => {
    expect(jsonSafe(value)).toEqual(value);
  });

  it('has times as ISO 8601', () => {
    expect(jsonSafe({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('keeps a name that means something to JavaScript as a mere name', () => {
    const safe = jsonSafe(JSON.parse('{"__proto__":{"admin":true},"constructor":1}')) as object;
    expect(JSON.stringify(safe)).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect(Object.getPrototypeOf(safe)).toBe(Object.prototype);
  });

  it('leaves the value itself alone', () => {
    const value = { text: 'a\0' };
    jsonSafe(value);
    expect(value).toEqual({ text: 'a\0' });
  });

  it('may be 200 levels deep, and no deeper', () => {
    const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
    expect(() => jsonSafe(nested(201))).not.toThrow();
    expect(() => jsonSafe(nested(202))).toThrow(new RangeError('nested deeper than 200 levels'));
    expect(() => jsonSafe(nested(100_000))).toThrow(RangeError);
  });
});

describe('a jsonb parameter', () => {
  it('is JSON text that Postgres takes', () => {
    expect(jsonb({ text: `\0${HIGH}` })).toBe('{"text":"\uFFFD\uFFFD"}');
    expect(jsonb('text')).toBe('"text"');
    expect(jsonb(0)).toBe('0');
    expect(jsonb(false)).toBe('false');
  });

  it.each([null, undefined])('is SQL null for %j', (nothing) => {
    expect(jsonb(nothing)).toBeNull();
  });
});
