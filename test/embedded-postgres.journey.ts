import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { EmbeddedPostgres, findRunningPostgres } from '../src/kernel/database/embedded/embedded-postgres.js';
import { passwordPath } from '../src/kernel/database/embedded/password-file.js';
import { EmbeddedHomes, isGone, rows } from './setup/embedded-homes.js';

describe('the built-in Postgres', () => {
  const homes = new EmbeddedHomes();
  afterAll(() => homes.cleanUp());

  describe('first start', () => {
    let home: string;
    let server: EmbeddedPostgres;
    beforeAll(async () => {
      home = await homes.make();
      server = await homes.start(home, { durable: true });
    });

    it('makes a database of its own, set for the application', async () => {
      const [row] = await rows(
        server.url,
        `SELECT current_database(), current_setting('server_encoding') AS encoding, current_setting('lc_messages') AS locale,
                current_setting('max_connections') AS connections, current_setting('shared_buffers') AS buffers,
                current_setting('fsync') AS fsync, current_setting('data_directory') AS data`,
      );
      expect(row).toEqual({
        current_database: 'signalbox',
        encoding: 'UTF8',
        locale: 'C',
        connections: '200',
        buffers: '128MB',
        fsync: 'on',
        data: server.dataDir,
      });
    });

    it('lets in over loopback and by password only', async () => {
      const settings = `SELECT current_setting('listen_addresses') AS at, current_setting('unix_socket_directories') AS sockets,
        (SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin) AS scram,
        (SELECT bool_and(auth_method = 'scram-sha-256') FROM pg_hba_file_rules) AS asked`;
      expect(await rows(server.url, settings)).toEqual([{ at: '127.0.0.1', sockets: '', scram: true, asked: true }]);

      const wrong = new URL(server.url);
      wrong.password = 'guess';
      await expect(rows(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    });

    it('keeps its folder, its password and its address to itself', async () => {
      const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
      // As root, group nobody may walk through to its data, and sees nothing on the way.
      expect(await mode(home)).toMatch(/^7[01]0$/);
      expect(await mode(join(home, 'postgres'))).toMatch(/^7[01]0$/);
      expect(await mode(server.dataDir)).toBe('700');
      for (const file of [
        passwordPath(server.dataDir),
        join(home, 'postgres.json'),
        join(home, 'postgres', 'server.log'),
      ]) {
        expect(await mode(file)).toBe('600');
      }
      expect(new URL(server.url).password).toMatch(/^[\w-]{32}$/);
    });

    it('is found by the command line beside it, and refuses a second Signalbox', async () => {
      expect(await findRunningPostgres(home)).toEqual({ url: server.url, pid: server.pid, ownerPid: process.pid });
      await expect(homes.start(home)).rejects.toThrow(
        `The database in ${home} is in use by another Signalbox (pid ${process.pid}); stop it, or set DATABASE_URL.`,
      );
    });

    it('stops when told, however often, and has its data at the next start', async () => {
      await rows(server.url, 'CREATE TABLE kept (id int)');
      await Promise.all([server.stop(), server.stop()]);
      await server.stop();
      expect(await isGone(server.pid)).toBe(true);
      expect(await findRunningPostgres(home)).toBeNull();
      expect(await readFile(join(home, 'postgres', 'server.log'), 'utf8')).toContain('database system is shut down');

      const next = await homes.start(home);
      expect(next.adopted).toBe(false);
      expect(new URL(next.url).port).not.toBe(new URL(server.url).port);
      expect(await rows(next.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
      await next.stop();
    });

    it('makes itself a new password when the old one is lost', async () => {
      await rm(passwordPath(server.dataDir));
      const next = await homes.start(home, { database: 'other "name"' });
      expect(await rows(next.url, 'SELECT current_database() AS name')).toEqual([{ name: 'other "name"' }]);
      expect(new URL(next.url).password).not.toBe(new URL(server.url).password);
      await next.stop();
    });

    it('says what to do when the password was changed by hand', async () => {
      await writeFile(passwordPath(server.dataDir), 'changed');
      await expect(homes.start(home)).rejects.toThrow(/password .* was changed; remove signalbox.password there/);
      expect(await findRunningPostgres(home)).toBeNull();
    });
  });

  it('lets one of three win that start at the same instant on an empty folder', async () => {
    const home = await homes.make();
    const all = [homes.spawn(home), homes.spawn(home), homes.spawn(home)];
    const told = await Promise.all(all.map(({ first }) => first));
    const winner = all[told.findIndex(({ error }) => error === undefined)];
    const refused = `is in use by another Signalbox (pid ${winner?.pid}); stop it, or set DATABASE_URL.`;
    expect(told.filter(({ error }) => error?.endsWith(refused))).toHaveLength(2);
    winner?.stop();
    expect(await winner?.ended).toMatchObject({ exitCode: 0 });
  });

  it('outlives Ctrl-C until the application has put its things away', async () => {
    const signalbox = homes.spawn(await homes.make());
    const { pid } = await signalbox.first;
    signalbox.interruptGroup();
    const { exitCode, lines } = await signalbox.ended;
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toBe('{"stopped":true}');
    expect(await isGone(pid)).toBe(true);
  });

  it('does not keep a process alive that has nothing else to do', async () => {
    const home = await homes.make();
    const signalbox = homes.spawn(home, { leave: true });
    const { url, pid } = await signalbox.first;
    expect((await signalbox.ended).exitCode).toBe(0);
    await expect(reach(url)).resolves.toBeUndefined();

    const next = await homes.start(home);
    expect({ ...next, said: homes.messages }).toMatchObject({ adopted: true, pid, url });
    await next.stop();
  });
});

function reach(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(void socket.destroy()));
    socket.once('error', reject);
  });
}
