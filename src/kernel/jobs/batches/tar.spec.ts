import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TAR_END, tarEntry } from './tar.js';

const AT = new Date('2026-11-21T14:30:00Z');

async function entryOf(name: string, content: Buffer, size = content.length, pieces = [content]): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of tarEntry(name, size, pieces, AT)) blocks.push(block);
  return Buffer.concat(blocks);
}

describe('a tar', () => {
  it.each([0, 1, 511, 512, 513, 70_000])('of a file of %i bytes is whole blocks', async (size) => {
    const blocks = await entryOf('a.json', Buffer.alloc(size, 7));
    expect(blocks.length % 512).toBe(0);
    expect(blocks.length).toBe(512 + Math.ceil(size / 512) * 512);
  });

  it('says what it holds in the words of POSIX, with a sum over its header', async () => {
    const head = (await entryOf('folder/a.json', Buffer.from('{}'))).subarray(0, 512);
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

  it('is read by the tar of the system', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    try {
      const entries = [
        await entryOf('f/one.txt', Buffer.from('one'.repeat(400))),
        // In pieces, as from a stream.
        await entryOf('f/two.txt', Buffer.alloc(0), 1_200, [
          Buffer.from('two'.repeat(150)),
          Buffer.from('two'.repeat(250)),
        ]),
      ];
      execFileSync('tar', ['-x', '-C', folder], { input: Buffer.concat([...entries, TAR_END]) });
      expect(['one', 'two'].map((name) => readFileSync(join(folder, 'f', `${name}.txt`), 'utf8'))).toEqual([
        'one'.repeat(400),
        'two'.repeat(400),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused where it could not be told right', async () => {
    await expect(entryOf('ä'.repeat(51), Buffer.alloc(0))).rejects.toThrow('too long a name');
    await expect(entryOf('a', Buffer.alloc(0), 8 ** 11)).rejects.toThrow('too large');
    for (const size of [1, 3]) await expect(entryOf('a', Buffer.alloc(2), size)).rejects.toThrow('were announced');
  });
});
