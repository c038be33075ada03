import '../../../kernel/files/image-loaders.js'; // Before the first thread opens an image.
import { availableParallelism } from 'node:os';
import type { Refusal } from './photo-refusal.js';
import type { photoTasks } from './photo-tasks.js';
import { Slots } from './slots.js';
import type { ThreadAnswer, ThreadCall } from './thread-tasks.js';
import { workerEntry, type WorkerEntry } from './photo-worker-entry.js';
import { WorkerThreads } from './worker-threads.js';

export interface PhotoPoolOptions {
  threads: number;
  /** Photos that may wait for a thread; the next one is turned away. */
  maxQueue: number;
  /** Counted from when a thread takes the photo. */
  timeoutMs: number;
  /** OpenCV's memory in one thread, above which all threads are replaced. */
  heapLimitBytes: number;
  /** V8's heap in one thread, above which it dies. */
  jsHeapMb: number;
  worker: WorkerEntry;
  /** Keeps the native addons of the worker whole in this thread; see `holdRuntime`. */
  hold: () => void;
  onEvent: (event: PhotoPoolEvent) => void;
}

/** To be counted: a photo cost its thread (each of at most two tries), or the threads were replaced for their memory. */
export type PhotoPoolEvent = 'crashed' | 'timed_out' | 'replaced';

export type PoolFailure =
  | Refusal
  | { code: 'photos_busy'; status: 503; detail: string }
  | { code: 'photo_timed_out' | 'photo_crashed' | 'photo_failed'; status: 500; detail: string };

export type PhotoOutcome<T> = { ok: true; value: T } | ({ ok: false } & PoolFailure);

type PhotoTasks = Omit<typeof photoTasks, 'warm'>;

const TRIES = 2;

/** Warm threads that clean photos. A photo that ends its thread is run once more; it costs no other photo anything. */
export class PhotoPool {
  private readonly options: PhotoPoolOptions;
  private readonly slots: Slots;
  private threads: WorkerThreads | undefined;
  private replacing: Promise<void> | undefined;
  private closed = false;

  constructor(options: Partial<PhotoPoolOptions> = {}) {
    this.options = {
      threads: Math.min(2, availableParallelism()),
      maxQueue: 200,
      timeoutMs: 30_000,
      heapLimitBytes: 256 * 1024 * 1024,
      jsHeapMb: 1024,
      worker: workerEntry,
      hold: () => undefined,
      onEvent: () => undefined,
      ...options,
    };
    this.slots = new Slots(this.options.threads, this.options.maxQueue);
  }

  /** Photos in threads and photos that wait. */
  get load(): { running: number; waiting: number } {
    return this.slots.load;
  }

  /** Starts the threads before the first photo comes. */
  warm(): Promise<void> {
    return this.started().warm();
  }

  async run<K extends keyof PhotoTasks>(
    task: K,
    input: Parameters<PhotoTasks[K]>[0],
  ): Promise<PhotoOutcome<Awaited<ReturnType<PhotoTasks[K]>>>> {
    const busy = { ok: false, code: 'photos_busy', status: 503 } as const;
    if (this.closed) return { ...busy, detail: 'The service is stopping.' };
    const taken = await this.slots.take();
    if (!taken) return { ...busy, detail: `${this.options.maxQueue} photos are waiting already. Try again later.` };
    try {
      return (await this.tried({ task, input })) as PhotoOutcome<Awaited<ReturnType<PhotoTasks[K]>>>;
    } finally {
      this.slots.give();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.replacing;
    await this.threads?.end();
  }

  /** Nest calls it once no request is open any more. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async tried(call: ThreadCall): Promise<PhotoOutcome<unknown>> {
    for (let attempt = 1; ; attempt++) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), this.options.timeoutMs);
      try {
        return this.outcome(await this.started().run(call, late.signal));
      } catch (error) {
        if (this.closed) return { ok: false, code: 'photos_busy', status: 503, detail: 'The service is stopping.' };
        this.options.onEvent(late.signal.aborted ? 'timed_out' : 'crashed');
        if (attempt === TRIES) return lost(late.signal.aborted, error, this.options.timeoutMs);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  private outcome(answer: ThreadAnswer): PhotoOutcome<unknown> {
    if (answer.heapBytes > this.options.heapLimitBytes) this.replace();
    if (answer.ok) return { ok: true, value: answer.value };
    if ('refusal' in answer) return { ok: false, ...answer.refusal };
    return { ok: false, code: 'photo_failed', status: 500, detail: answer.error };
  }

  private started(): WorkerThreads {
    this.threads ??= this.newThreads();
    return this.threads;
  }

  private newThreads(): WorkerThreads {
    const { worker, threads, jsHeapMb, hold } = this.options;
    return new WorkerThreads(worker, threads, jsHeapMb, hold);
  }

  /** New threads are warm before they take over; the old ones finish what they have. */
  private replace(): void {
    this.replacing ??= this.replaced().finally(() => (this.replacing = undefined));
  }

  private async replaced(): Promise<void> {
    const next = this.newThreads();
    await next.warm().catch(() => undefined);
    this.threads?.retire();
    this.threads = next;
    this.options.onEvent('replaced');
  }
}

function lost(late: boolean, error: unknown, timeoutMs: number): PhotoOutcome<never> {
  const twice = `and so it did when run again`;
  if (late) {
    const detail = `Cleaning took longer than ${timeoutMs / 1000} s, ${twice}.`;
    return { ok: false, code: 'photo_timed_out', status: 500, detail };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { ok: false, code: 'photo_crashed', status: 500, detail: `The photo ended its thread (${why}), ${twice}.` };
}
