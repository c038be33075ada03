import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKeyFile } from './master-key-file.js';
import { MasterKey } from './master-key.js';
import { parseEnv } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

describe('turning the key of a laptop', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'master-key-file-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const keys = (env: Record<string, string> = {}) =>
    new MasterKey(parseEnv(ServiceEnv, { SIGNALBOX_HOME: home, ...env }))
      .derive('callback')
      .map((key) => key.toString('hex'));

  it('makes a new key and keeps the old one, which still verifies', () => {
    const [old] = keys();
    const file = new MasterKeyFile(home);
    file.rotate();
    const [present, previous, ...more] = keys();
    expect(previous).toBe(old);
    expect(present).not.toBe(old);
    expect(more).toEqual([]);
    expect(readdirSync(home).sort()).toEqual(['master-key', 'master-key.previous']);
  });

  it('leaves both files to their user alone', () => {
    keys();
    const file = new MasterKeyFile(home);
    chmodSync(file.current, 0o644);
    file.rotate();
    for (const path of [file.current, file.previous]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(path).uid).toBe(process.getuid?.());
      expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    }
  });

  it('twice forgets the key before the last one', () => {
    const [oldest] = keys();
    new MasterKeyFile(home).rotate();
    const [second] = keys();
    new MasterKeyFile(home).rotate();
    expect(keys()[1]).toBe(second);
    expect(keys()).not.toContain(oldest);
  });

  it('is refused where there is none to turn', () => {
    expect(() => new MasterKeyFile(home).rotate()).toThrow(/there is no key in .*master-key yet/);
    expect(readdirSync(home)).toEqual([]);
  });

  it('counts for nothing when the environment gives the key', () => {
    keys();
    new MasterKeyFile(home).rotate();
    expect(keys({ SIGNALBOX_MASTER_KEY: 'a'.repeat(64) })).toHaveLength(1);
    expect(keys({ SIGNALBOX_MASTER_KEY_PREVIOUS: 'b'.repeat(64) })).toEqual([
      keys()[0],
      keys({ SIGNALBOX_MASTER_KEY: 'b'.repeat(64) })[0],
    ]);
  });

  it('names a previous key that was cut short', () => {
    keys();
    writeFileSync(new MasterKeyFile(home).previous, 'abc');
    expect(() => keys()).toThrow('SIGNALBOX_MASTER_KEY_PREVIOUS: 3 bytes are too few');
  });
});
