import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { EnvironmentError } from '../../config/parse-env.js';
import { JobSecrets } from '../job-secrets.js';
import type { Job } from '../job.entity.js';
import { JobResults } from './job-results.js';
import { resultName } from './result-name.js';
import { ResultsFolder } from './results-folder.js';
import { ResultsEnv } from './results.env.js';

/** The event whose follow-up writes the result into `RESULTS_DIR`. */
export const RESULT_COPY = 'job.result_copy';

/** Each result once more as a file in a folder, where `RESULTS_DIR` names one: after the commit, retried like all that follows. */
@Injectable()
export class ResultCopies implements OnModuleInit {
  private readonly folder: ResultsFolder | null;

  constructor(
    env: ResultsEnv,
    private readonly results: JobResults,
    private readonly secrets: JobSecrets,
  ) {
    this.folder = env.RESULTS_DIR === '' ? null : new ResultsFolder(resolve(env.RESULTS_DIR));
  }

  get isOn(): boolean {
    return this.folder !== null;
  }

  /** @throws {EnvironmentError} when the folder cannot be made or written to */
  async onModuleInit(): Promise<void> {
    try {
      await this.folder?.prepare();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new EnvironmentError([
        `RESULTS_DIR: ${this.folder?.path} cannot be written (${code}); give it to this user, or leave it out`,
      ]);
    }
  }

  /**
   * Repeatable: its name has the job in it, so what is there already is this very result. Nobody's key guards a folder: what
   * is secret in a result is left out.
   */
  async write(job: Job): Promise<string> {
    if (!this.folder) return 'off';
    if (job.result === null && job.resultFile === null) return 'nothing to write';
    const isNew = await this.folder.add(resultName(job, 'json'), await this.results.text(this.secrets.hidden(job)));
    return isNew ? 'written' : 'there already';
  }
}
