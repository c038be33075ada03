import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './embedded-postgres.error.js';

export interface PostmasterPid {
  pid: number;
  port: number | null;
  ready: boolean;
}

/** What a running (or killed) server left in its data folder; null: no such file. */
export async function readPostmasterPid(dataDir: string): Promise<PostmasterPid | null> {
  try {
    return parsePostmasterPid(await readFile(join(dataDir, 'postmaster.pid'), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Lines: pid, data folder, start time, port, socket folder, address, shared memory, state. They are written one by one. */
export function parsePostmasterPid(text: string): PostmasterPid | null {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const port = Number(lines[3]);
  return { pid, port: Number.isInteger(port) && port > 0 ? port : null, ready: lines[7] === 'ready' };
}
