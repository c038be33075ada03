import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bodyOf, jobIdOf } from './notice.js';

const run = promisify(execFile);

/** The columns of the inbox and its two keys, as the plain way has them. */
export const PGBENCH_TABLE = `
create table pgbench_deliveries (
  id uuid not null default gen_random_uuid() primary key,
  received_at timestamptz not null default now(),
  source text not null,
  provider text not null,
  delivery_id text not null unique,
  refs jsonb not null,
  address text not null,
  headers jsonb not null,
  body bytea not null
)`;

/** One row per statement; the values are parameters, as a service has to send them. */
const SCRIPT = `\\set a random(0, 9223372036854775806)
\\set b random(0, 9223372036854775806)
insert into pgbench_deliveries (source, provider, delivery_id, refs, address, headers, body)
values (:source, :source, :a || '-' || :b, :refs, :address, :headers, :body)
`;

/** Where pgbench is: on the path, or where Debian keeps it; null when it is not installed. */
export async function findPgbench(): Promise<string | null> {
  try {
    await run('pgbench', ['--version']);
    return 'pgbench';
  } catch {
    const versions = await readdir('/usr/lib/postgresql').catch(() => []);
    const found = versions.map((version) => join('/usr/lib/postgresql', version, 'bin/pgbench')).filter(existsSync);
    return found.at(-1) ?? null;
  }
}

export interface PgbenchRun {
  reqPerSec: number;
  meanMs: number;
}

/** The rate at which Postgres itself takes single rows from so many connections. */
export class Pgbench {
  private constructor(
    private readonly program: string,
    private readonly url: string,
    private readonly script: string,
  ) {}

  static async prepare(program: string, url: string, folder: string): Promise<Pgbench> {
    const script = join(folder, 'insert.sql');
    await writeFile(script, SCRIPT);
    return new Pgbench(program, url, script);
  }

  async run(seconds: number, connections: number): Promise<PgbenchRun> {
    const jobId = jobIdOf(0, 0);
    const values = {
      source: 'pyannote',
      refs: JSON.stringify([jobId]),
      address: '127.0.0.1',
      headers: JSON.stringify({ host: '127.0.0.1', 'content-type': 'application/json', 'x-signature': 'f'.repeat(64) }),
      body: `\\x${bodyOf(jobId).toString('hex')}`,
    };
    const { stdout } = await run(this.program, [
      ...['-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', String(seconds), '-f', this.script],
      ...Object.entries(values).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
      this.url,
    ]);
    return { reqPerSec: numberIn(stdout, /tps = ([\d.]+)/), meanMs: numberIn(stdout, /latency average = ([\d.]+)/) };
  }
}

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`pgbench said something else than expected: ${text}`);
  return Number(found);
}
