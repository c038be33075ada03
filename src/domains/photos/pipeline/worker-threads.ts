import { Piscina } from 'piscina';
import type { ThreadAnswer, ThreadCall } from './thread-tasks.js';
import type { WorkerEntry } from './photo-worker-entry.js';

/** One generation of threads: replaced as a whole when native memory grew, and ended once it runs empty. */
export class WorkerThreads {
  private readonly threads: Piscina<ThreadCall, ThreadAnswer>;
  private running = 0;
  private retired = false;
  private ended: Promise<void> | undefined;

  constructor(
    entry: WorkerEntry,
    private readonly count: number,
    heapMb: number,
    /** Keeps native addons whole in this thread, where a thread that has loaded them may end. */
    hold: () => void = () => undefined,
  ) {
    hold();
    this.threads = new Piscina({
      filename: entry.file,
      execArgv: entry.execArgv,
      minThreads: count,
      maxThreads: count,
      // Parked threads keep an event loop, so that a stray throw shows at once and not with the next photo.
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    // Each thread says so when it has loaded all, which comes before it is given anything to do.
    this.threads.on('message', hold);
    // A thread that dies between two tasks is replaced; nothing was lost.
    this.threads.on('error', () => undefined);
  }

  /** Throws what broke the thread: it crashed, or `signal` ended it. */
  async run(call: ThreadCall, signal?: AbortSignal): Promise<ThreadAnswer> {
    this.running++;
    try {
      return await this.threads.run(call, { signal });
    } finally {
      this.running--;
      if (this.retired && this.running === 0) void this.end();
    }
  }

  /** Each thread is given one call at a time, so this many calls reach all of them. */
  async warm(): Promise<void> {
    await Promise.all(Array.from({ length: this.count }, () => this.run({ task: 'warm', input: undefined })));
  }

  /** Takes nothing new; ends when what runs has ended. */
  retire(): void {
    this.retired = true;
    if (this.running === 0) void this.end();
  }

  end(): Promise<void> {
    this.ended ??= this.threads.destroy();
    return this.ended;
  }
}
