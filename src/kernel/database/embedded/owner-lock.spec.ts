import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeOwnerLock } from './owner-lock.js';

const dead = (nonce: string): string => JSON.stringify({ pid: process.pid, birth: 'an earlier boot/1', nonce });

describe('takeOwnerLock', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
    path = join(folder, 'postgres.lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function holders(contenders: number): Promise<number> {
    const results = await Promise.all(Array.from({ length: contenders }, () => takeOwnerLock(path)));
    return results.filter(({ held }) => held).length;
  }

  it('is held by one, who is named to the others until it is given back', async () => {
    const first = await takeOwnerLock(path);
    const second = await takeOwnerLock(path);
    expect(second).toMatchObject({ held: false, by: { pid: process.pid } });
    if (first.held) await first.release();
    expect(await takeOwnerLock(path)).toMatchObject({ held: true });
  });

  it('goes to exactly one of many', async () => {
    expect(await holders(40)).toBe(1);
    expect(await readdir(folder)).toEqual(['postgres.lock']);
  });

  it('is taken from a dead holder by exactly one of many', async () => {
    for (let round = 0; round < 10; round++) {
      await writeFile(path, dead(`dead-${round}`));
      expect(await holders(20)).toBe(1);
    }
    expect(await readdir(folder)).toEqual(['postgres.lock']);
  });

  it('is taken from a holder that died while it took the lock from a dead one', async () => {
    await writeFile(path, dead('11111111'));
    await writeFile(`${path}.of-11111111`, dead('22222222'));
    expect(await holders(20)).toBe(1);
  });

  it('is taken when a power cut left nothing readable in it', async () => {
    await writeFile(path, '');
    expect(await holders(5)).toBe(1);
  });

  it('is not given back by somebody who lost it', async () => {
    const first = await takeOwnerLock(path);
    await writeFile(path, dead('other'));
    if (first.held) await first.release();
    expect(await readdir(folder)).toEqual(['postgres.lock']);
  });
});
