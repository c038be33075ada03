import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Job } from '../job.entity.js';
import { pickMembers } from './json-members.js';
import { KeptResults } from './kept-results.js';

/** Most bytes of a large result that are held at once for one form of it: a day of words has 20 MB. */
const MOST_PICKED = 96 * 1_024 * 1_024;

/** The results of succeeded jobs, wherever they lie. Whoever has a job at hand that hides its secrets gets the result without them. */
@Injectable()
export class JobResults {
  constructor(private readonly kept: KeptResults) {}

  /** The named fields of the result; memory for no others is taken where it lies in a file. */
  async fields(job: Job, names: readonly string[]): Promise<Record<string, unknown>> {
    if (job.resultFile !== null) return pickMembers(await this.kept.open(job), names, MOST_PICKED);
    return Object.fromEntries(Object.entries(job.result ?? {}).filter(([name]) => names.includes(name)));
  }

  /** The whole result as JSON text, as it comes from disk where it lies there; with `packed` in gzip then. */
  async text(job: Job, packed = false): Promise<string | Readable> {
    return job.resultFile === null ? JSON.stringify(job.result) : this.kept.open(job, packed);
  }
}
