import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../src/kernel/database/embedded/embedded-postgres.js';
import { freePort } from '../src/kernel/database/embedded/launch-postmaster.js';
import { serverArguments, serverSettings } from '../src/kernel/database/embedded/server-settings.js';
import { chooseSite } from '../src/kernel/database/embedded/site.js';
import { startServer } from '../src/kernel/database/embedded/start-server.js';
import { stopPostmaster } from '../src/kernel/database/embedded/stop-postmaster.js';
import { until } from '../src/kernel/database/embedded/until.js';
import { EmbeddedHomes, isGone, isRoot, NOBODY, rows } from './setup/embedded-homes.js';

describe('the built-in Postgres, when something was killed', () => {
  const homes = new EmbeddedHomes();
  let home: string;
  let server: EmbeddedPostgres | undefined;
  beforeAll(async () => {
    home = await homes.make();
    const first = await homes.start(home);
    await rows(first.url, 'CREATE TABLE kept (id int)');
    await first.stop();
  });
  beforeEach(() => (homes.messages.length = 0));
  afterEach(async () => server?.stop());
  afterAll(() => homes.cleanUp());

  const keptRows = async ({ url }: { url: string }): Promise<unknown> =>
    (await rows(url, 'SELECT count(*)::int AS n FROM kept'))[0]?.['n'];

  it('takes over the server of a Signalbox that was killed, and stops it in the end', async () => {
    const killed = homes.spawn(home);
    const { pid, url } = await killed.first;
    await rows(url, 'INSERT INTO kept VALUES (1)');
    killed.kill('SIGKILL');
    await killed.ended;

    server = await homes.start(home);
    expect(server).toMatchObject({ adopted: true, pid, url });
    expect(homes.messages).toEqual(['Took over the Postgres that an earlier run left behind']);
    expect(await keptRows(server)).toBe(1);
    await server.stop();
    expect(await isGone(pid)).toBe(true);
  });

  it('restarts a server left behind that runs with other settings', async () => {
    const killed = homes.spawn(home);
    const { pid } = await killed.first;
    killed.kill('SIGKILL');
    await killed.ended;

    server = await homes.start(home, { settings: { max_connections: '50' } });
    expect(server.adopted).toBe(false);
    expect(homes.messages[0]).toBe('A Postgres left behind by an earlier run is stopped first');
    expect(await isGone(pid)).toBe(true);
    expect(await rows(server.url, 'SHOW max_connections')).toEqual([{ max_connections: '50' }]);
  });

  it('recovers what was committed after Postgres itself was killed', async () => {
    const victim = await homes.start(home, { durable: true });
    await rows(victim.url, 'INSERT INTO kept VALUES (2)');
    process.kill(victim.pid, 'SIGKILL');
    await until(() => Promise.resolve(homes.messages.includes('Postgres ended by itself') || undefined), 5_000);
    expect(homes.messages).toContain('Postgres ended by itself');
    await victim.stop();
    expect(await stat(join(victim.dataDir, 'postmaster.pid'))).toBeDefined();

    server = await homes.start(home);
    expect(await keptRows(server)).toBe(2);
  });

  it('recovers when both were killed, and the number in the lock went to a stranger', async () => {
    const killed = homes.spawn(home);
    const { pid } = await killed.first;
    killed.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await killed.ended;
    await writeFile(
      join(home, 'postgres.lock'),
      JSON.stringify({ pid: process.pid, birth: 'earlier/1', nonce: 'gone' }),
    );

    server = await homes.start(home);
    expect(await keptRows(server)).toBe(2);
    expect(server.adopted).toBe(false);
  });

  it('leaves a stranger alone whose process has the number in postmaster.pid', async () => {
    const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const stranger: ChildProcess = spawn('sleep', ['60'], { stdio: 'ignore', ...account });
    await once(stranger, 'spawn');
    const dataDir = join(home, 'postgres', 'data');
    const file = join(dataDir, 'postmaster.pid');
    await writeFile(file, `${stranger.pid}\n${dataDir}\n1700000000\n5432\n\n127.0.0.1\n  1234  5678\nready   \n`, {
      mode: 0o600,
    });
    if (isRoot) await chown(file, NOBODY, NOBODY);

    try {
      server = await homes.start(home);
      expect(server.adopted).toBe(false);
      expect(await keptRows(server)).toBe(2);
      await server.stop();
      expect(stranger).toMatchObject({ exitCode: null, signalCode: null });
    } finally {
      stranger.kill();
    }
  });

  it('asks for another port when somebody was faster', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const site = await chooseSite(home, () => undefined);
    const ports = [port, port, await freePort()];

    const postmaster = await startServer(
      { ...site, arguments: serverArguments(site.dataDir, serverSettings(false)), strangerPid: null },
      () => Promise.resolve(ports.shift() ?? 0),
    );
    expect(ports).toEqual([]);
    expect(postmaster.port).not.toBe(port);
    await stopPostmaster(postmaster, { dataDir: site.dataDir, pgCtl: site.binaries.pgCtl });
    taken.close();
  });

  it('begins anew when the first start was killed half-way', async () => {
    const fresh = await homes.make();
    const killed = homes.spawn(fresh);
    const drafts = async (): Promise<string[]> =>
      (await readdir(join(fresh, 'postgres')).catch(() => [])).filter((name) => name.startsWith('data.new-'));
    await until(async () => (await drafts()).length > 0 || undefined, 10_000, 1);
    killed.kill('SIGKILL');
    await killed.ended;
    expect(await drafts()).toHaveLength(1);

    server = await homes.start(fresh);
    expect(homes.messages[0]).toBe('An earlier set-up of the database did not finish; it is made anew');
    expect(await rows(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await drafts()).toEqual([]);
  });
});
