import { extname, join } from 'node:path';

/** The file that a thread of the photo pool runs. Jest, which compiles inside its own walls, puts another in its place. */
export interface WorkerEntry {
  file: string;
  /** Flags of Node for the thread; without them it has the process's own. */
  execArgv?: string[];
}

export const workerEntry: WorkerEntry = { file: join(__dirname, `photo-worker${extname(__filename)}`) };
