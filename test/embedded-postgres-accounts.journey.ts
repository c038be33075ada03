import { chmod, chown, cp, lstat, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { locatePlatformPackage } from '../src/kernel/database/embedded/platform-package.js';
import { usableBinaries } from '../src/kernel/database/embedded/postgres-binaries.js';
import { mayEnter, openOutsideRoom } from '../src/kernel/database/embedded/quarters.js';
import { EmbeddedHomes, isRoot, NOBODY, rows } from './setup/embedded-homes.js';

const nobody = { uid: NOBODY, gid: NOBODY };

// Who may become somebody else is root alone: elsewhere the other journeys have covered the one account there is.
(isRoot ? describe : describe.skip)('the built-in Postgres, started by root or by another user', () => {
  const homes = new EmbeddedHomes();
  const folders: string[] = [];
  beforeEach(() => (homes.messages.length = 0));
  afterAll(async () => {
    await homes.cleanUp();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  async function closedFolder(below: string): Promise<string> {
    const folder = await mkdtemp(join(below, 'signalbox-closed-'));
    folders.push(folder);
    return folder;
  }

  it('runs as nobody, on data inside the project', async () => {
    const home = await homes.make();
    const server = await homes.start(home);
    expect(server.dataDir).toBe(join(await realpath(home), 'postgres', 'data'));
    expect(await stat(server.dataDir)).toMatchObject({ uid: NOBODY });
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(NOBODY);
    await server.stop();
  });

  it('puts the data outside of a project that nobody may enter, says where, and finds it again', async () => {
    const home = await homes.make(await closedFolder(homedir()));
    const server = await homes.start(home);
    expect(homes.messages[0]).toMatch(/cannot enter this project: the data lies outside of it/);
    expect(server.dataDir).not.toContain(home);
    expect(await stat(dirname(server.dataDir))).toMatchObject({ uid: 0, mode: 0o40710 });
    expect(await stat(server.dataDir)).toMatchObject({ uid: NOBODY, mode: 0o40700 });
    await rows(server.url, 'CREATE TABLE kept (id int)');
    await server.stop();

    const next = await homes.start(home);
    expect(next.dataDir).toBe(server.dataDir);
    expect(await rows(next.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
    await next.stop();
  });

  it('refuses a folder outside that somebody else made first', async () => {
    const room = await closedFolder(tmpdir());
    await chown(room, NOBODY, NOBODY);
    await expect(openOutsideRoom('/somewhere', [room])).rejects.toThrow(
      `${room} was not made by root and is not trusted`,
    );
    await chown(room, 0, 0);
    await chmod(room, 0o777);
    await expect(openOutsideRoom('/somewhere', [room])).rejects.toThrow('is not trusted');
    await chmod(room, 0o700);
    expect(await openOutsideRoom('/somewhere', ['/proc/not/here', room])).toBe(room);
  });

  it('copies the programs out of a folder that nobody may enter, links and all', async () => {
    const closed = await closedFolder(tmpdir());
    const room = await closedFolder(tmpdir());
    await chmod(room, 0o755);
    const found = await locatePlatformPackage();
    const native = join(closed, 'native');
    await cp(found.native, native, { recursive: true, verbatimSymlinks: true });
    // As after an install with scripts switched off.
    const link = join('lib', 'libicuuc.so.60');
    await rm(join(native, link), { force: true });

    const binaries = await usableBinaries({ ...found, native }, nobody, () => Promise.resolve(room));
    expect(binaries.postgres).toBe(join(room, `postgres-${found.version}`, 'native', 'bin', 'postgres'));
    expect((await lstat(join(dirname(dirname(binaries.postgres)), link))).isSymbolicLink()).toBe(true);
    const { ino } = await stat(binaries.postgres);
    await usableBinaries({ ...found, native }, nobody, () => Promise.resolve(room));
    expect((await stat(binaries.postgres)).ino).toBe(ino);
  });

  it('works for a user without rights, and goes on as that user when root takes over', async () => {
    if (!(await mayEnter(nobody, join(__dirname, 'setup')))) return; // This checkout itself is closed to others.
    const folder = await closedFolder(tmpdir());
    await chown(folder, NOBODY, NOBODY);
    const home = join(folder, '.signalbox');
    const signalbox = homes.spawn(home, { uid: NOBODY });
    expect(await signalbox.first).toMatchObject({ adopted: false, dataDir: join(home, 'postgres', 'data') });
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    signalbox.stop();
    expect(await signalbox.ended).toMatchObject({ exitCode: 0 });

    const server = await homes.start(home);
    expect(server.dataDir).toBe(join(home, 'postgres', 'data'));
    await server.stop();
  });

  it('tells a user without rights whose folder it is', async () => {
    if (!(await mayEnter(nobody, join(__dirname, 'setup')))) return;
    const home = await homes.make();
    const refusal = async (): Promise<string | undefined> => (await homes.spawn(home, { uid: NOBODY }).first).error;
    expect(await refusal()).toBe(
      `EmbeddedPostgresError: ${home} cannot be read and written by this user; change its owner, or set DATABASE_URL to a Postgres of your own.`,
    );
    await mkdir(home);
    await chown(home, NOBODY, NOBODY);
    await mkdir(join(home, 'postgres', 'data'), { recursive: true });
    await chown(join(home, 'postgres'), NOBODY, NOBODY);
    await writeFile(join(home, 'postgres', 'data', 'PG_VERSION'), '18\n');
    expect(await refusal()).toMatch(/data belongs to uid 0, and this is uid 65534; start as the same user as before/);
  });
});
