import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedHomes, rows } from './setup/embedded-homes.js';

describe('the built-in Postgres, on a folder that is not as it should be', () => {
  const homes = new EmbeddedHomes();
  let seed: string;
  beforeAll(async () => {
    const home = await homes.make();
    const server = await homes.start(home);
    await rows(server.url, 'CREATE TABLE kept (id int)');
    await server.stop();
    seed = server.dataDir;
  });
  beforeEach(() => (homes.messages.length = 0));
  afterAll(() => homes.cleanUp());

  /** A home with data in it (a copy: as root it belongs to root, as after a restore). */
  async function withData(): Promise<{ home: string; dataDir: string }> {
    const home = await homes.make();
    const dataDir = join(home, 'postgres', 'data');
    await mkdir(join(home, 'postgres'), { recursive: true });
    await cp(seed, dataDir, { recursive: true });
    return { home, dataDir };
  }

  it('uses data that was copied here', async () => {
    const { home } = await withData();
    const server = await homes.start(home);
    expect(await rows(server.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
    await server.stop();
  });

  it('makes a folder anew that never held data', async () => {
    const home = await homes.make();
    const dataDir = join(home, 'postgres', 'data');
    await mkdir(join(dataDir, 'base'), { recursive: true });
    await mkdir(join(dataDir, 'pg_wal'));
    await writeFile(join(dataDir, 'PG_VERSION'), '18\n');

    const server = await homes.start(home);
    expect(homes.messages[0]).toBe('An earlier set-up of the database did not finish; it is made anew');
    await server.stop();
  });

  it('never touches data without its version', async () => {
    const { home, dataDir } = await withData();
    await rm(join(dataDir, 'PG_VERSION'));
    await expect(homes.start(home)).rejects.toThrow(`The database in ${dataDir} is damaged (PG_VERSION is missing)`);
    expect((await readdir(dataDir)).length).toBe((await readdir(seed)).length - 1);
  });

  it('never touches files of somebody else', async () => {
    const home = await homes.make();
    const note = join(home, 'postgres', 'data', 'note.txt');
    await mkdir(join(home, 'postgres', 'data'), { recursive: true });
    await writeFile(note, 'mine');
    await expect(homes.start(home)).rejects.toThrow('holds files that are no database (note.txt); move them away');
    expect(await readFile(note, 'utf8')).toBe('mine');
  });

  it.each(['15', '19'])('names both versions when the data is from Postgres %s', async (version) => {
    const home = await homes.make();
    const dataDir = join(home, 'postgres', 'data');
    for (const folder of ['global', 'base/1']) await mkdir(join(dataDir, folder), { recursive: true });
    await writeFile(join(dataDir, 'global', 'pg_control'), 'x');
    await writeFile(join(dataDir, 'PG_VERSION'), `${version}\n`);
    await expect(homes.start(home)).rejects.toThrow(
      new RegExp(
        `was made by Postgres ${version}, and the built-in one is Postgres 18; .*move the folder away.*DATABASE_URL`,
      ),
    );
    expect(await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).toBe(`${version}\n`);
  });

  it('quotes the server when its data is corrupted, and names its log', async () => {
    const { home, dataDir } = await withData();
    await truncate(join(dataDir, 'global', 'pg_control'), 100);
    const log = join(home, 'postgres', 'server.log');
    const refusal = homes.start(home);
    await expect(refusal).rejects.toThrow(/does not start on the database in .*: ".*pg_control.*"/);
    await expect(refusal).rejects.toThrow(`(its log: ${log})`);
    expect(await readFile(log, 'utf8')).toContain('pg_control');
  });

  it('quotes the server when its settings are refused', async () => {
    const { home } = await withData();
    await expect(homes.start(home, { settings: { shared_buffers: 'lots' } })).rejects.toThrow(
      'invalid value for parameter "shared_buffers": "lots"',
    );
  });

  it('asks for a folder where a file is', async () => {
    const home = await homes.make();
    await writeFile(home, 'a file');
    await expect(homes.start(home)).rejects.toThrow(`${home} has to be a folder, but a file is in its place`);
    await expect(homes.start(join(home, 'below'))).rejects.toThrow('has to be a folder');
    expect(await readFile(home, 'utf8')).toBe('a file');
  });

  it('makes the folders above it', async () => {
    const home = join(await homes.make(), 'deep', 'down');
    await (await homes.start(home)).stop();
  });
});
