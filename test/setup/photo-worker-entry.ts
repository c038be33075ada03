// In Jest, in the place of `src/domains/photos/pipeline/photo-worker-entry.ts`: a thread is outside of Jest, so it needs the
// loader that the tests' own processes have.
import { join } from 'node:path';
import type { WorkerEntry } from '../../src/domains/photos/pipeline/photo-worker-entry.js';

export const execArgv = ['-r', join(__dirname, 'run-ts.cjs')];

export const workerEntry: WorkerEntry = {
  file: join(__dirname, '../../src/domains/photos/pipeline/photo-worker.ts'),
  execArgv,
};
