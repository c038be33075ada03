import { Injectable } from '@nestjs/common';
import { AppLogger } from '../observability/app-logger.js';
import { Alarms } from './alarms.js';
import { Doorbell } from './doorbell.js';
import type { AnswerOptions, BellHandler } from './doorbell.js';

class Queue {
  readonly rows = new Set<string>();
  anonymous = 0;
  running = 0;
  handler: BellHandler | null = null;
  concurrency = 1;

  hasWork(): boolean {
    return this.handler !== null && this.running < this.concurrency && (this.rows.size > 0 || this.anonymous > 0);
  }

  take(): string | null {
    const [row] = this.rows;
    if (row === undefined) {
      this.anonymous -= 1;
      return null;
    }
    this.rows.delete(row);
    return row;
  }
}

/** The doorbell of a single process: sets of ids in memory. */
@Injectable()
export class InProcessDoorbell extends Doorbell {
  private readonly queues = new Map<string, Queue>();
  private readonly alarms = new Alarms();
  private state: 'collecting' | 'open' | 'closed' = 'collecting';
  private idle: (() => void) | null = null;

  constructor(private readonly logger: AppLogger) {
    super();
  }

  ring(name: string, rowId?: string): void {
    if (this.state === 'closed') return;
    const queue = this.queue(name);
    if (rowId === undefined) queue.anonymous += 1;
    else queue.rows.add(rowId);
    this.pump(name, queue);
  }

  ringLater(name: string, rowId: string | undefined, delayMs: number): void {
    if (this.state !== 'closed') this.alarms.set(delayMs, () => this.ring(name, rowId));
  }

  answer(name: string, handler: BellHandler, options: AnswerOptions): void {
    const queue = this.queue(name);
    if (queue.handler !== null) throw new Error(`queue ${name} has two handlers`);
    queue.handler = handler;
    queue.concurrency = options.concurrency;
  }

  waiting(name: string): Promise<number> {
    const queue = this.queue(name);
    return Promise.resolve(queue.anonymous + queue.running);
  }

  open(): void {
    this.state = 'open';
    for (const [name, queue] of this.queues) this.pump(name, queue);
  }

  async close(graceMs: number): Promise<void> {
    this.state = 'closed';
    this.alarms.clear();
    if (this.running() === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => (this.idle = resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs))),
    ]);
    clearTimeout(timer);
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) this.queues.set(name, (queue = new Queue()));
    return queue;
  }

  private running(): number {
    return [...this.queues.values()].reduce((sum, queue) => sum + queue.running, 0);
  }

  private pump(name: string, queue: Queue): void {
    while (this.state === 'open' && queue.hasWork()) {
      const row = queue.take();
      queue.running += 1;
      setImmediate(() => void this.work(name, queue, row));
    }
  }

  private async work(name: string, queue: Queue, row: string | null): Promise<void> {
    try {
      await queue.handler?.(row);
    } catch (error) {
      // One attempt: the row is still due, or its lease runs out, and the sweep rings again.
      this.logger.warn('bell not answered', { queue: name, row, error });
    } finally {
      queue.running -= 1;
      this.pump(name, queue);
      if (this.state === 'closed' && this.running() === 0) this.idle?.();
    }
  }
}
