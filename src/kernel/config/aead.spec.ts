import { Aead, CannotOpen } from './aead.js';
import { MasterKey } from './master-key.js';
import { parseEnv } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)] as const;

function aead(key: string, previous = '', use = 'voiceprints'): Aead {
  const env = { SIGNALBOX_MASTER_KEY: key, SIGNALBOX_MASTER_KEY_PREVIOUS: previous };
  return new Aead(new MasterKey(parseEnv(ServiceEnv, env)), use);
}

const plain = Buffer.from('a voice, as numbers \0\xff', 'latin1');

describe('what is sealed', () => {
  it.each([Buffer.alloc(0), plain, Buffer.alloc(1_000_000, 7)])('comes out as it went in', (bytes) => {
    expect(aead(OLD).open(aead(OLD).seal(bytes, 'job:1'), 'job:1').equals(bytes)).toBe(true);
  });

  it('is never twice the same, and shows nothing of what is in it', () => {
    const box = aead(OLD);
    const all = Array.from({ length: 50 }, () => box.seal(plain, 'job:1'));
    expect(new Set(all).size).toBe(50);
    for (const sealed of all)
      expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes('voice')).toBe(false);
  });

  it('names its key: the previous one opens it, and one sees that it should be sealed anew', () => {
    const sealed = aead(OLD).seal(plain, 'job:1');
    const turned = aead(NEW, OLD);
    expect(turned.open(sealed, 'job:1').equals(plain)).toBe(true);
    expect(turned.isCurrent(sealed)).toBe(false);
    const anew = turned.seal(plain, 'job:1');
    expect(turned.isCurrent(anew)).toBe(true);
    expect(aead(NEW).open(anew, 'job:1').equals(plain)).toBe(true);
    expect(anew.split('.')[1]).not.toBe(sealed.split('.')[1]);
  });

  it('can be sealed anew, once', () => {
    const sealed = aead(OLD).seal(plain, 'job:1');
    const turned = aead(NEW, OLD);
    expect([turned.isTurning, aead(NEW).isTurning]).toEqual([true, false]);
    const anew = turned.renew(sealed, 'job:1');
    expect(aead(NEW).open(anew, 'job:1').equals(plain)).toBe(true);
    expect(turned.renew(anew, 'job:1')).toBe(anew);
    expect(() => turned.renew(sealed, 'job:2')).toThrow(CannotOpen);
  });

  it('stays shut once its key is gone', () => {
    expect(() => aead(NEW).open(aead(OLD).seal(plain, 'job:1'), 'job:1')).toThrow(CannotOpen);
  });

  it('stays shut for another use and in another context', () => {
    const sealed = aead(OLD).seal(plain, 'job:1');
    expect(() => aead(OLD, '', 'endpoints').open(sealed, 'job:1')).toThrow(CannotOpen);
    expect(() => aead(OLD).open(sealed, 'job:2')).toThrow(CannotOpen);
  });

  it('stays shut when any one character of it is another, missing or more', () => {
    const box = aead(OLD);
    const sealed = box.seal(plain, 'job:1');
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'B' : 'A';
      expect(() => box.open(`${sealed.slice(0, i)}${other}${sealed.slice(i + 1)}`, 'job:1')).toThrow(CannotOpen);
      expect(() => box.open(sealed.slice(0, i), 'job:1')).toThrow(CannotOpen);
    }
    for (const more of ['A', '=', '.', ' ', '\n'])
      expect(() => box.open(`${sealed}${more}`, 'job:1')).toThrow(CannotOpen);
  });
});
