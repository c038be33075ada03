import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKey } from './master-key.js';
import { parseEnv } from './parse-env.js';
import type { Environment } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

const HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const masterKey = (env: Environment) => new MasterKey(parseEnv(ServiceEnv, env));
const derived = (key: string, use = 'callback') => masterKey({ SIGNALBOX_MASTER_KEY: key }).derive(use)[0];

/** RFC 5869 by hand: extract with an empty salt, then the first block of expand. */
function hkdf(key: Buffer, info: string): Buffer {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(key).digest();
  return createHmac('sha256', extracted)
    .update(info)
    .update(Buffer.from([1]))
    .digest();
}

describe('a master key', () => {
  it('derives by HKDF-SHA-256, so that other programs can do the same', () => {
    expect(derived(HEX).equals(hkdf(Buffer.from(HEX, 'hex'), 'signalbox/callback'))).toBe(true);
  });

  it('gives the same key for the same use, and another for every other use', () => {
    const uses = ['callback', 'voiceprints', 'callback ', 'Callback', ''];
    const keys = uses.map((use) => derived(HEX, use).toString('hex'));
    expect(new Set(keys).size).toBe(uses.length);
    expect(derived(HEX).equals(derived(HEX))).toBe(true);
    expect(derived(HEX)).toHaveLength(32);
  });

  it('is the same in hex of either case and in base64', () => {
    const base64 = Buffer.from(HEX, 'hex').toString('base64');
    for (const form of [HEX.toUpperCase(), base64, base64.replace(/=$/, '')]) {
      expect(derived(form).equals(derived(HEX))).toBe(true);
    }
  });

  it('may be a sentence of 32 bytes or more', () => {
    const sentence = 'correct horse battery staple, as they say';
    expect(derived(sentence).equals(hkdf(Buffer.from(sentence), 'signalbox/callback'))).toBe(true);
  });

  it.each(['short', 'x'.repeat(31), HEX.slice(0, 30), Buffer.alloc(20).toString('base64')])(
    'that is too short (%s) is refused, with what to do',
    (key) => {
      expect(() => derived(key)).toThrow(
        /SIGNALBOX_MASTER_KEY: \d+ bytes are too few, 32 are needed \(openssl rand -hex 32\)/,
      );
    },
  );

  it('that is too short is not shown in the error', () => {
    expect(() => derived('swordfish')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('swordfish') as string }) as Error,
    );
  });
});

describe('the previous master key', () => {
  const old = 'e'.repeat(64);

  it('still verifies, after the present one', () => {
    const both = masterKey({ SIGNALBOX_MASTER_KEY: HEX, SIGNALBOX_MASTER_KEY_PREVIOUS: old }).derive('callback');
    expect(both).toHaveLength(2);
    expect(both[0].equals(derived(HEX))).toBe(true);
    expect(both[1]?.equals(derived(old))).toBe(true);
  });

  it('is not there when there was none', () => {
    expect(masterKey({ SIGNALBOX_MASTER_KEY: HEX }).derive('callback')).toHaveLength(1);
  });

  it('is refused by its own name when it is too short', () => {
    expect(() => masterKey({ SIGNALBOX_MASTER_KEY: HEX, SIGNALBOX_MASTER_KEY_PREVIOUS: 'x' })).toThrow(
      'SIGNALBOX_MASTER_KEY_PREVIOUS: 1 bytes are too few',
    );
  });
});

describe('a laptop without a master key', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'master-key-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const generated = (home: string) => masterKey({ SIGNALBOX_HOME: home }).derive('callback')[0];

  it('makes one that only its user can read', () => {
    const home = join(folder, 'deep', 'home');
    generated(home);
    expect(statSync(join(home, 'master-key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, 'master-key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('takes the same one on the next start', () => {
    expect(generated(folder).equals(generated(folder))).toBe(true);
  });

  it('makes another one in another home', () => {
    expect(generated(join(folder, 'a')).equals(generated(join(folder, 'b')))).toBe(false);
  });

  it('makes none when one is given', () => {
    masterKey({ SIGNALBOX_MASTER_KEY: HEX, SIGNALBOX_HOME: folder });
    expect(existsSync(join(folder, 'master-key'))).toBe(false);
  });

  it('says which file it cannot read', () => {
    mkdirSync(join(folder, 'master-key'));
    expect(() => generated(folder)).toThrow(`SIGNALBOX_HOME: ${join(folder, 'master-key')} cannot be read`);
  });

  it('refuses a file whose writing was cut short', () => {
    writeFileSync(join(folder, 'master-key'), 'abc', { mode: 0o600 });
    chmodSync(join(folder, 'master-key'), 0o600);
    expect(() => generated(folder)).toThrow('3 bytes are too few');
  });
});
