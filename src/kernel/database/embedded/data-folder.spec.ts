import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkUsable, closeToOthers, inspectDataFolder } from './data-folder.js';

describe('a data folder', () => {
  let dataDir: string;
  beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'data-'))));
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function holding(...files: string[]): Promise<string> {
    for (const file of files) {
      const path = join(dataDir, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file === 'PG_VERSION' ? '18\n' : 'x');
    }
    const found = await inspectDataFolder(dataDir);
    return found.state;
  }

  it('is absent when it is missing or empty', async () => {
    expect(await holding()).toBe('absent');
    expect(await inspectDataFolder(join(dataDir, 'missing'))).toEqual({ state: 'absent' });
  });

  it('is unfinished when it never came to hold data', async () => {
    expect(await holding('PG_VERSION', 'postgresql.conf', 'pg_wal/archive_status/x', 'global/x')).toBe('unfinished');
  });

  it('is complete with version, control file and databases', async () => {
    expect(await holding('PG_VERSION', 'global/pg_control', 'base/1/1259')).toBe('complete');
  });

  it.each([
    ['global/pg_control', 'base/1/1259'],
    ['PG_VERSION', 'base/1/1259'],
    ['PG_VERSION', 'global/pg_control'],
  ])('is damaged with %s and %s alone', async (...files) => {
    expect(await holding(...files)).toBe('damaged');
  });

  it('is foreign when it holds something else', async () => {
    expect(await holding('PG_VERSION', 'holiday.jpg')).toBe('foreign');
  });

  it('is used when it is ours, or not there yet', () => {
    checkUsable({ state: 'complete', major: '18' }, dataDir, 18);
    checkUsable({ state: 'absent' }, dataDir, 18);
    checkUsable({ state: 'unfinished' }, dataDir, 18);
  });

  it('is closed to others, and has to be its user’s', async () => {
    await chmod(dataDir, 0o755);
    const { uid } = await stat(dataDir);
    await closeToOthers(dataDir, uid);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    await expect(closeToOthers(dataDir, uid + 1)).rejects.toThrow(`belongs to uid ${uid}, and this is uid ${uid + 1}`);
  });
});
