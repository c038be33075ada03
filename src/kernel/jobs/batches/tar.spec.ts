import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TAR_END, tarEntry } from './tar.js';

const AT = new Date('2026-11-21T14:30:00Z');

describe('a tar', () => {
  it.each([0, 1, 511, 512, 513, 70_000])('of a file of %i bytes is whole blocks', (size) => {
    const blocks = Buffer.concat(tarEntry('a.json', Buffer.alloc(size, 7), AT));
    expect(blocks.length % 512).toBe(0);
    expect(blocks.length).toBe(512 + Math.ceil(size / 512) * 512);
  });

  it('says what it holds in the words of POSIX, with a sum over its header', () => {
    const [head = Buffer.alloc(0)] = tarEntry('folder/a.json', Buffer.from('{}'), AT);
    const field = (from: number, to: number) => head.toString('latin1', from, to).replace(/\0.*$/s, '');
    expect([
      field(0, 100),
      field(124, 136),
      field(136, 148),
      field(156, 157),
      head.toString('latin1', 257, 265),
    ]).toEqual(['folder/a.json', '00000000002', (AT.getTime() / 1_000).toString(8), '0', 'ustar\x0000']);
    const blank = Buffer.from(head).fill(' ', 148, 156);
    expect(parseInt(field(148, 155), 8)).toBe(blank.reduce((sum, byte) => sum + byte, 0));
  });

  it('is read by the tar of the system', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    try {
      const entries = ['one', 'two'].flatMap((name) => tarEntry(`f/${name}.txt`, Buffer.from(name.repeat(400)), AT));
      execFileSync('tar', ['-x', '-C', folder], { input: Buffer.concat([...entries, TAR_END]) });
      expect(['one', 'two'].map((name) => readFileSync(join(folder, 'f', `${name}.txt`), 'utf8'))).toEqual([
        'one'.repeat(400),
        'two'.repeat(400),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused where it could not be told right', () => {
    expect(() => tarEntry('ä'.repeat(51), Buffer.alloc(0), AT)).toThrow('too long a name');
    expect(() => tarEntry('a', { length: 8 ** 11 } as Buffer, AT)).toThrow('too large');
  });
});
