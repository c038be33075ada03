import { SECRET_PATH, atSecretPath } from './secret-paths.js';

const seen = (value: unknown, path: string) => {
  const found: [string, unknown][] = [];
  const copy = atSecretPath(value, path, (secret, at) => {
    found.push([at, secret]);
    return '***';
  });
  return { found, copy };
};

describe('the path to a secret', () => {
  it.each<[string, unknown, [string, unknown][], unknown]>([
    ['print', { print: 'p', url: 'u' }, [['print', 'p']], { print: '***', url: 'u' }],
    ['voice.print', { voice: { print: 'p', of: 'a' } }, [['voice.print', 'p']], { voice: { print: '***', of: 'a' } }],
    [
      'voices[].print',
      { voices: [{ print: 'p', of: 'a' }, { of: 'b' }, { print: null }] },
      [
        ['voices[0].print', 'p'],
        ['voices[2].print', null],
      ],
      { voices: [{ print: '***', of: 'a' }, { of: 'b' }, { print: '***' }] },
    ],
    [
      'prints[]',
      { prints: ['p', 'q'] },
      [
        ['prints[0]', 'p'],
        ['prints[1]', 'q'],
      ],
      { prints: ['***', '***'] },
    ],
  ])('%s leads through %j', (path, value, found, copy) => {
    expect(seen(value, path)).toEqual({ found, copy });
  });

  it.each([{}, { other: 1 }, Object.create({ print: 'inherited' }) as object])('leads nowhere in %j', (value) => {
    expect(seen(value, 'print')).toEqual({ found: [], copy: value });
  });

  it.each<[string, unknown, string]>([
    ['voices[].print', { voices: { print: 'p' } }, 'voices'],
    ['voices[].print', { voices: 'p' }, 'voices'],
    ['voices[].print', { voices: [['p']] }, 'voices[0]'],
    ['voice.print', { voice: 'p' }, 'voice'],
  ])('that ends early (%s in %j) takes all that is there', (path, value, at) => {
    const { found, copy } = seen(value, path);
    expect(found.map(([where]) => where)).toEqual([at]);
    expect(JSON.stringify(copy)).not.toContain('"p"');
  });

  it('leaves out what becomes undefined, and never touches what it was given', () => {
    const value = Object.freeze({ voices: Object.freeze([Object.freeze({ print: 'p', of: 'a' })]) });
    expect(atSecretPath(value, 'voices[].print', () => undefined)).toEqual({ voices: [{ of: 'a' }] });
    expect(value.voices[0]).toEqual({ print: 'p', of: 'a' });
  });

  it.each(['', '.print', 'voices[', 'voices[0]', 'a..b', 'a b', '[].print'])('is not %j', (path) => {
    expect(SECRET_PATH.test(path)).toBe(false);
  });
});
