import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './embedded-postgres.error.js';

const run = promisify(execFile);

/**
 * When a process was born, as a text that differs for the next process with the same number (after a reboot, too).
 * null: it does not run. 'unknown': it runs, and this system does not say since when.
 */
export async function processBirth(pid: number): Promise<string | null> {
  if (!isThere(pid)) return null;
  if (process.platform === 'linux') return linuxBirth(pid);
  const [file, args]: [string, string[]] =
    process.platform === 'win32'
      ? ['powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  const birth = await run(file, args, { windowsHide: true }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return birth || 'unknown';
}

/** Whether the process that was born then still runs: a number alone may have gone to a stranger. */
export async function stillRuns(pid: number, birth: string): Promise<boolean> {
  const now = await processBirth(pid);
  return now !== null && (now === birth || now === 'unknown' || birth === 'unknown');
}

/** The command line of a process; null where it cannot be told. */
export async function commandLine(pid: number): Promise<string | null> {
  if (process.platform === 'win32') return null;
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (text) => text.replaceAll('\0', ' ').trim(),
      () => null,
    );
  }
  return run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function linuxBirth(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return birthInStat(stat, boot.trim());
  } catch (error) {
    return errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH' ? null : 'unknown';
  }
}

/** A zombie counts as gone: where nobody reaps orphans (containers), a killed server keeps its number for ever. */
export function birthInStat(stat: string, boot: string): string | null {
  // The name of the program stands in brackets and may itself hold brackets and blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : `${boot}/${fields[19]}`;
}
