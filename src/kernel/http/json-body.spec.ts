import { parseJsonBody } from './json-body.js';
import { Problem } from './problem.js';

const parse = (text: string | Buffer, type: string | undefined = 'application/json') =>
  parseJsonBody(Buffer.from(text), type);

function problemOf(text: string | Buffer, type?: string): Problem {
  try {
    parse(text, type);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('the body of a request', () => {
  it.each(['application/json', 'application/json;charset=utf-8', 'application/merge-patch+json', 'Application/JSON'])(
    'may call itself %s',
    (type) => {
      expect(parse('{"a":[1]}', type)).toEqual({ a: [1] });
    },
  );

  it('may call itself nothing', () => {
    expect(parseJsonBody(Buffer.from('{"a":1}'), undefined)).toEqual({ a: 1 });
  });

  it('held up everybody for seconds when it was a list of a million empty objects', () => {
    expect(problemOf(`{"a":[${'{},'.repeat(100_000)}{}]}`)).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(parse(`{"a":[${'{},'.repeat(99_997)}{}]}`)).toHaveProperty('a');
  });

  it('may begin with a byte order mark', () => {
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonlines',
    'text/json',
    'x application/json',
  ])('may not call itself %s', (type) => {
    const problem = problemOf('{}', type);
    expect(problem.getStatus()).toBe(415);
    expect(problem.detail).toBe(`send application/json instead of ${type}`);
  });

  it('is not told a long type in full', () => {
    expect(problemOf('{}', 'x'.repeat(5_000)).detail.length).toBeLessThan(150);
  });

  it.each(['{', '{"a":}', '{} {}', "{'a':1}", '{"a":1,}', 'undefined', '\0', '{"a": prototype}', '{"a":1'])(
    'is told that it is not JSON: %j',
    (text) => {
      const problem = problemOf(text);
      expect([problem.getStatus(), problem.code]).toEqual([400, 'invalid_json']);
      expect(problem.detail).toMatch(/^the body is not JSON: /);
    },
  );

  it('that is not JSON is not quoted back at length', () => {
    expect(problemOf(`{"${'x'.repeat(10_000)}`).detail.length).toBeLessThan(250);
  });

  it('is told that it is empty', () => {
    expect(problemOf('').detail).toBe('the body is empty; send a JSON object');
  });

  it.each(['null', '7', '"text"', 'true', '[]', '[{"a":1}]'])('is told that it is no object: %s', (text) => {
    expect(problemOf(text).detail).toBe('the body is JSON, but no object; send a JSON object');
  });

  it.each([
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['a[0].b.__proto__', '{"a":[{"b":{"__proto__":1}}]}'],
    ['__proto__', '{"\\u005f_proto__":1}'],
    ['constructor', '{"constructor":{"prototype":{}}}'],
  ])('may not reach for a prototype, and is told where: %s', (field, text) => {
    expect(problemOf(text).extras.errors).toEqual([{ field, detail: 'forbidden field name; remove it' }]);
  });

  it('may be 100 levels deep, and no deeper', () => {
    expect(parse(nested(100))).toBeDefined();
    expect(problemOf(nested(101)).detail).toBe('the body is nested deeper than 100 levels');
    expect(problemOf(nested(100_000)).detail).toBe('the body is nested deeper than 100 levels');
    expect(problemOf(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).code).toBe('invalid_json');
  });
});
