import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { eventually } from './eventually.js';
import { freePort } from './service-process.js';

/** Where `pgbouncer` is, or undefined. */
export function findPooler(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file));
}

/** PgBouncer in transaction mode, with fewer connections than are asked of it. */
export class Pooler {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(program: string, direct: string): Promise<Pooler> {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-pooler-'));
    const port = await freePort();
    const { hostname, port: at, username, password, pathname } = new URL(direct);
    const database = pathname.slice(1);
    const login = `user=${username} password=${decodeURIComponent(password)}`;
    const settings = [
      '[databases]',
      `${database} = host=${hostname} port=${at} dbname=${database} ${login}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      'default_pool_size = 4',
    ];
    const file = join(folder, 'pgbouncer.ini');
    await writeFile(file, settings.join('\n'));
    await chmod(folder, 0o755);
    // It refuses to run as root.
    const uid = process.getuid?.() === 0 ? 65534 : undefined;
    const pooler = new Pooler(
      spawn(program, [file], { stdio: 'ignore', uid }),
      folder,
      `postgres://anybody@127.0.0.1:${port}/${database}`,
    );
    await eventually('the pooler answers', async () => {
      const client = new Client({ connectionString: pooler.url });
      await client.connect();
      await client.end();
      return true;
    });
    return pooler;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
