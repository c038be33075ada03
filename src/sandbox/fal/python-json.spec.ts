import { compact, dumps } from './python-json.js';

describe('JSON as Python writes it', () => {
  it('is sorted, with a space behind every comma and colon', () => {
    const told = { status: 'OK', error: null, payload: { b: [1, 2.5, true], a: {} }, gone: undefined, list: [] };
    expect(dumps(told)).toBe('{"error": null, "list": [], "payload": {"a": {}, "b": [1, 2.5, true]}, "status": "OK"}');
  });

  it('escapes what is not ASCII and quotes what has to be', () => {
    expect(dumps({ ü: 'a"b\n█ 😀' })).toBe('{"\\u00fc": "a\\"b\\n\\u2588 \\ud83d\\ude00"}');
  });

  it('writes numbers of any length to the last digit', () => {
    expect(dumps({ seed: 9007199254740993n })).toBe('{"seed": 9007199254740993}');
    expect(compact({ z: 1, seed: 12345678901234567890n })).toBe('{"z":1,"seed":12345678901234567890}');
  });
});
