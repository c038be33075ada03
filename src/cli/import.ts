import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { FinishedJob, ImportFate } from '../kernel/jobs/finished-job.js';
import type { JobImport } from '../kernel/jobs/job-import.js';
import { Mistake } from './mistake.js';
import type { Found } from './results-folder.js';

/** Per transaction: a part of a second each, and little to do again after a crash. */
const AT_ONCE = { files: 100, bytes: 8 * 1_024 * 1_024 };

interface Tally {
  imported: number;
  known: number;
  leftOut: number;
}

/** `signalbox import DIR`: works beside a running service, and without one. */
export function importCommand(program: Command): void {
  program
    .command('import <folder>')
    .description('take in old results, time-stamped JSON files, as finished jobs; a second time adds nothing')
    .option('--team <team>', 'the team that owns them', 'default')
    .action(async (folder: string, { team }: { team: string }) => {
      const { namesIn } = await import('./results-folder.js');
      // Read before a database is looked for, or even started.
      const names = await namesIn(resolve(folder));
      const { withJobImport } = await import('./import-module.js');
      await withJobImport(async (jobs) => {
        const tally = await importFiles(jobs, { folder: resolve(folder), names, team });
        console.log(`${tally.imported} imported, ${tally.known} there already, ${tally.leftOut} left out`);
        if (tally.leftOut > 0) throw new Mistake('not everything was imported: see above');
      });
    });
}

async function importFiles(
  jobs: JobImport,
  { folder, names, team }: { folder: string; names: readonly string[]; team: string },
): Promise<Tally> {
  const { look } = await import('./results-folder.js');
  const teamId = await jobs.teamId(team);
  const tally: Tally = { imported: 0, known: 0, leftOut: 0 };
  const seen = new Set<string>();
  let waiting: FinishedJob[] = [];
  let bytes = 0;
  const flush = async () => {
    const fates = waiting.length > 0 ? await jobs.importAll(teamId, waiting) : [];
    waiting.forEach((job, index) => count(tally, seen, job, fates[index]));
    waiting = [];
    bytes = 0;
  };
  for (const name of names) {
    const found = await look(folder, name, new Date());
    if ('fault' in found) {
      leaveOut(tally, found);
      continue;
    }
    waiting.push(found.job);
    bytes += found.bytes;
    if (waiting.length >= AT_ONCE.files || bytes >= AT_ONCE.bytes) await flush();
  }
  await flush();
  return tally;
}

function leaveOut(tally: Tally, { name, fault, isResult }: Extract<Found, { fault: string }>): void {
  console.error(`${visible(name)}: ${fault}`);
  if (isResult) tally.leftOut += 1;
}

/** What an earlier run imported is only counted; a second file of one job in this folder is named. */
function count(tally: Tally, seen: Set<string>, job: FinishedJob, outcome: ImportFate | undefined): void {
  if (outcome?.fate === 'imported') tally.imported += 1;
  else if (outcome?.fate === 'known') tally.known += 1;
  else leaveOut(tally, { name: job.file, fault: 'is a job of another team', isResult: true });
  const jobId = outcome && 'jobId' in outcome ? outcome.jobId : null;
  if (jobId === null) return;
  if (seen.has(jobId)) console.error(`${visible(job.file)}: is a duplicate; the job is there as ${jobId}`);
  seen.add(jobId);
}

/** A file may have any name; a line is told of it, whatever is in it. */
const visible = (name: string): string => name.toWellFormed().replaceAll(/\p{C}/gu, '?');
