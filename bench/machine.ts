import { readFile, readdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { Client } from 'pg';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  node: string;
  postgres: string;
  platform: string;
}

/** What the numbers belong to. */
export async function describeMachine(url: string): Promise<Machine> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      postgres: rows[0]?.server_version ?? 'unknown',
      platform: `${process.platform} ${process.arch}`,
    };
  } finally {
    await client.end();
  }
}

/** A clock tick of /proc is 10 ms on every Linux that Node runs on. */
const TICK_MICROS = 10_000;

/** Processor time in µs of a process and all its children, alive or over; null where there is no /proc. */
export async function cpuOfTree(pid: number): Promise<number | null> {
  const stats = await Promise.all(
    (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(readStat),
  );
  const own = stats.filter((stat) => stat !== null).filter((stat) => stat.pid === pid || stat.parent === pid);
  if (own.length === 0) return null;
  return own.reduce((sum, stat) => sum + stat.ticks, 0) * TICK_MICROS;
}

async function readStat(pid: string): Promise<{ pid: number; parent: number; ticks: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The second field is a name in brackets, which may hold anything; after it: state, parent, … utime, stime, cutime, cstime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(pid), parent: Number(fields[1]), ticks };
}
