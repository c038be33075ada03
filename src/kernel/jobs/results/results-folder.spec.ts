import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { resultName } from './result-name.js';
import { ResultsFolder } from './results-folder.js';

let home: string;
let folder: ResultsFolder;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'results-folder-'));
  folder = new ResultsFolder(join(home, 'made', 'by us'));
  await folder.prepare();
});
afterEach(() => rm(home, { recursive: true, force: true }));

const content = (name: string) => readFile(join(folder.path, name), 'utf8');

describe('a folder of results', () => {
  it('is made with all folders above it, and is empty', async () => {
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('takes a text and a stream, and nothing else is left beside them', async () => {
    expect(await folder.add('a.json', '{"é":1}')).toBe(true);
    expect(await folder.add('b.json', Readable.from([Buffer.from('{"b"'), Buffer.from(':2}')]))).toBe(true);
    expect(await readdir(folder.path)).toEqual(['a.json', 'b.json']);
    expect([await content('a.json'), await content('b.json')]).toEqual(['{"é":1}', '{"b":2}']);
  });

  it('never writes over what is there, not even when many come at once', async () => {
    const added = await Promise.all(Array.from({ length: 20 }, (_, n) => folder.add('a.json', `{"n":${n}}`)));
    expect(added.filter(Boolean)).toHaveLength(1);
    const first = await content('a.json');
    expect(await folder.add('a.json', 'other')).toBe(false);
    expect(await content('a.json')).toBe(first);
    expect(await readdir(folder.path)).toEqual(['a.json']);
  });

  it('has nothing of a stream that breaks off', async () => {
    async function* broken() {
      yield await Promise.resolve(Buffer.from('{"a":'));
      throw new Error('gone');
    }
    await expect(folder.add('a.json', Readable.from(broken()))).rejects.toThrow('gone');
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('is made again when somebody cleared it away', async () => {
    await rm(folder.path, { recursive: true });
    expect(await folder.add('a.json', '{}')).toBe(true);
    expect(await readdir(folder.path)).toEqual(['a.json']);
  });

  it('is cleared of what a dead process left, and of nothing else', async () => {
    const old = new Date(Date.now() - 2 * 24 * 3_600_000);
    for (const name of ['.a.json.1.part', '.b.json.2.part', 'mine.part', 'c.json']) {
      await writeFile(join(folder.path, name), '');
      if (name !== '.b.json.2.part') await utimes(join(folder.path, name), old, old);
    }
    await folder.prepare();
    expect((await readdir(folder.path)).sort()).toEqual(['.b.json.2.part', 'c.json', 'mine.part']);
  });

  it('cannot be a file', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(new ResultsFolder(join(home, 'file')).prepare()).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(new ResultsFolder(join(home, 'file', 'below')).prepare()).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('the name of a result', () => {
  it('has the kind, the UTC time of settling, and the job', () => {
    const job = {
      id: 'j',
      kind: 'diarization',
      createdAt: new Date(0),
      settledAt: new Date('2026-11-21T14:30:00.999Z'),
    };
    expect(resultName(job, 'json')).toBe('diarization_20261121_143000_j.json');
    expect(resultName({ ...job, settledAt: null }, 'rttm')).toBe('diarization_19700101_000000_j.rttm');
  });
});
