import { FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { errorCode } from './embedded-postgres.error.js';

/** Each start begins a new log and keeps the one before: neither grows for ever, and a crash can still be read about. */
export async function keepPreviousLog(path: string): Promise<void> {
  try {
    await rename(path, path.replace(/\.log$/, '.previous.log'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

export async function openServerLog(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, 'ax', 0o600);
}

export async function lastWords(path: string): Promise<string> {
  return lastWordsIn(await readFile(path, 'utf8').catch(() => ''));
}

/** What a server that gave up said last: its FATAL and PANIC lines, without time and process number. */
export function lastWordsIn(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const grave = lines.filter((line) => /(FATAL|PANIC):/.test(line));
  const shown = grave.length > 0 ? grave.slice(-2) : lines.slice(-2);
  return shown
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] /, '').replace(/\s+/g, ' '))
    .join(' ')
    .slice(0, 400);
}
