import { BullModule, getQueueToken } from '@nestjs/bull';
import { LazyModuleLoader } from '@nestjs/core';
import type { Job, Queue } from 'bull';
import { SECOND } from '../config/pace.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Alarms } from './alarms.js';
import { Doorbell } from './doorbell.js';
import type { AnswerOptions, BellHandler } from './doorbell.js';
import { InProcessDoorbell } from './in-process-doorbell.js';
import { RedisLink } from './redis-link.js';
import { within } from './within.js';

const COUNT_MS = 500;
/** More than a slow Redis works off in a moment is not worth the memory: the rows are due, the sweep rings again. */
const MAX_UNDER_WAY = 1_000;
/** For the scripts by which Bull hands in what the handlers have finished. */
const HAND_IN = SECOND;

interface Answer {
  handler: BellHandler;
  options: AnswerOptions;
}

/**
 * Bells through Bull, for a fleet. A queue is registered with `@nestjs/bull` when its name turns up: providers name
 * themselves only while the modules start, too late for a list in a decorator.
 *
 * - A row's id is its bell's job id, so that Bull swallows a second bell while the first one is stored: waiting, or being
 *   worked on. In the latter case the wake-up is lost with it, and costs a sweep: the row is due then, or it had none coming.
 * - While Redis is away, bells ring inside this process: work is leased in Postgres, whoever brings it.
 * - Bells for later are timers of this process. As delayed jobs they would swallow earlier bells for the same row, and a
 *   process that dies with its timers leaves rows that become due, which the sweep finds.
 */
export class BullDoorbell extends Doorbell {
  private readonly queues = new Map<string, Promise<Queue>>();
  private readonly answers = new Map<string, Answer>();
  private readonly alarms = new Alarms();
  private underWay = 0;
  private closed = false;

  constructor(
    private readonly link: RedisLink,
    private readonly local: InProcessDoorbell,
    private readonly modules: LazyModuleLoader,
    private readonly metrics: KernelMetrics,
    private readonly logger: AppLogger,
  ) {
    super();
  }

  ring(name: string, rowId?: string): void {
    if (this.closed) return;
    if (!this.link.usable || this.underWay >= MAX_UNDER_WAY) return this.ringHere(name, rowId);
    this.underWay += 1;
    this.add(name, rowId)
      .catch(() => this.ringHere(name, rowId))
      .finally(() => (this.underWay -= 1));
  }

  ringLater(name: string, rowId: string | undefined, delayMs: number): void {
    if (!this.closed) this.alarms.set(delayMs, () => this.ring(name, rowId));
  }

  answer(name: string, handler: BellHandler, options: AnswerOptions): void {
    this.local.answer(name, handler, options);
    this.answers.set(name, { handler, options });
  }

  async waiting(name: string): Promise<number> {
    if (!this.link.usable) return this.local.waiting(name);
    try {
      const counts = await within(
        COUNT_MS,
        this.queue(name).then((queue) => queue.getJobCounts()),
      );
      return counts.waiting + counts.active + (await this.local.waiting(name));
    } catch {
      // Nobody can say: then there is nothing to top up in this round.
      return Number.POSITIVE_INFINITY;
    }
  }

  open(): void {
    this.local.open();
    for (const [name, answer] of this.answers) void this.work(name, answer);
  }

  async close(graceMs: number): Promise<void> {
    this.closed = true;
    this.alarms.clear();
    const opened = await Promise.allSettled([...this.queues.values()]);
    const closing = opened.flatMap((queue) => (queue.status === 'fulfilled' ? [queue.value.close()] : []));
    // Bull knows by now that it is closing, and takes the end of its blocking connections for what it is.
    this.link.lines.hangUpBlocking();
    await Promise.all([
      this.local.close(graceMs),
      within(graceMs + HAND_IN, Promise.allSettled(closing)).catch(() => undefined),
    ]);
  }

  private async add(name: string, rowId: string | undefined): Promise<void> {
    const queue = await this.queue(name);
    await queue.add({}, rowId === undefined ? {} : { jobId: rowId });
  }

  /** Where Redis cannot carry a bell: to our own handler, or nowhere, because whoever has one sweeps. */
  private ringHere(name: string, rowId: string | undefined): void {
    if (this.closed) return;
    if (this.answers.has(name)) this.local.ring(name, rowId);
    else this.metrics.bellsDropped.inc();
  }

  private queue(name: string): Promise<Queue> {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.register(name);
      queue.catch(() => this.queues.delete(name));
      this.queues.set(name, queue);
    }
    return queue;
  }

  private async register(name: string): Promise<Queue> {
    const module = await this.modules.load(() => BullModule.registerQueue({ name }));
    const queue = module.get<Queue>(getQueueToken(name));
    // Told once for all queues by the link's watch.
    queue.on('error', (error) => this.logger.verbose('bull', { queue: name, error }));
    // Bull names its connections without waiting, and a rejection of that is nobody's to handle.
    queue.setWorkerName = () => Promise.resolve();
    return queue;
  }

  private async work(name: string, { handler, options }: Answer): Promise<void> {
    try {
      const queue = await this.queue(name);
      if (this.closed) return;
      await queue.process(options.concurrency, (job: Job) => this.answerOne(name, handler, rowOf(job)));
    } catch (error) {
      if (!this.closed) this.logger.error('a queue is not worked on', { queue: name, error });
    }
  }

  private async answerOne(name: string, handler: BellHandler, row: string | null): Promise<void> {
    try {
      await handler(row);
    } catch (error) {
      // One attempt, and Bull need not know: the row is still due, or its lease runs out, and the sweep rings again.
      this.logger.warn('bell not answered', { queue: name, row, error });
    }
  }
}

/** A bell that names no row bears a number given by Bull. */
function rowOf(job: Job): string | null {
  const { jobId } = job.opts;
  return jobId === undefined ? null : String(jobId);
}
