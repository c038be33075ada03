import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ownIdIn, settledAt } from '../domains/speakers/old-result-name.js';
import { oldResultFrom } from '../domains/speakers/old-result.js';
import { readJson } from '../kernel/http/json-fields.js';
import { jsonb } from '../kernel/database/json-safe.js';
import type { FinishedJob } from '../kernel/jobs/finished-job.js';
import { Mistake } from './mistake.js';

/** What a row may hold of a result, and what a file may have around it: indentation, mostly. */
const MOST_RESULT = 1_024 * 1_024;
const MOST_FILE = 64 * MOST_RESULT;

/** A file of the folder: the job in it, or the sentence that says why there is none. */
export type Found =
  { name: string; job: FinishedJob; bytes: number } | { name: string; fault: string; isResult: boolean };

/** The names in a folder of results, sorted. @throws {Mistake} for what is no folder that can be read */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    throw new Mistake(`${folder} ${FOLDER_FAULTS[codeOf(error)] ?? `cannot be read (${codeOf(error)})`}`);
  }
}

/** Looks into one file. Of its content nothing is ever told: it may be somebody's voiceprint. */
export async function look(folder: string, name: string, now: Date): Promise<Found> {
  if (!/\.json$/i.test(name)) return { name, fault: 'is no .json file', isResult: false };
  const path = join(folder, name);
  try {
    const about = await stat(path);
    const fault = kindFault(about, path);
    if (fault !== null) return { name, fault, isResult: true };
    const job = jobIn(await readFile(path), { name, written: about.mtime, now });
    return typeof job === 'string' ? { name, fault: job, isResult: true } : { name, job, bytes: about.size };
  } catch (error) {
    return { name, fault: FILE_FAULTS[codeOf(error)] ?? `cannot be read (${codeOf(error)})`, isResult: true };
  }
}

function kindFault(about: Stats, path: string): string | null {
  if (about.isDirectory()) return `is a folder; import what is in it with: signalbox import ${path}`;
  if (!about.isFile()) return 'is no regular file';
  if (about.size === 0) return 'is empty';
  return about.size > MOST_FILE ? tooLarge(about.size) : null;
}

function jobIn(
  bytes: Buffer,
  { name, written, now }: { name: string; written: Date; now: Date },
): FinishedJob | string {
  const json = readJson(bytes);
  if (json === undefined) return 'is not valid JSON; it may have been cut off';
  const old = oldResultFrom(json);
  if (typeof old === 'string') return old;
  const size = sizeOf(old.result);
  if (size === null) return 'is nested too deeply to be a result';
  if (size > MOST_RESULT) return tooLarge(size);
  const { vendorId: externalId, time, ...rest } = old;
  return {
    ...rest,
    externalId,
    ownId: externalId === null ? ownIdIn(name) : null,
    settledAt: settledAt(time, name, written, now),
    file: name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** Of its JSON text, in bytes; null for what could not be stored. */
function sizeOf(result: Record<string, unknown> | null): number | null {
  try {
    return Buffer.byteLength(jsonb(result) ?? '');
  } catch {
    return null;
  }
}

function tooLarge(bytes: number): string {
  return `has a result of ${(bytes / MOST_RESULT).toFixed(2)} MB; up to 1 MB can be imported`;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error';

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is no folder; name the folder with the results in it',
  EACCES: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads in a circle',
};

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'is a symbolic link to nothing, or went away meanwhile',
  EACCES: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads in a circle',
};
