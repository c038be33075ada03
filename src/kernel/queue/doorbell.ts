/** What a bell asks for: the row's id, or nothing when the table says which (fair turns). */
export type BellHandler = (rowId: string | null) => Promise<void>;

export interface AnswerOptions {
  /** How many rows of this queue are worked on at the same time by this process. */
  concurrency: number;
}

/**
 * "Row X wants work." A bell carries an id and never state; a lost bell costs time and nothing else, because the sweep
 * rings again for what is due. In-process here; Bull takes the same seam when `REDIS_URL` is set.
 */
export abstract class Doorbell {
  /** Never waits, never throws. The same row is not queued twice while it waits. */
  abstract ring(queue: string, rowId?: string): void;
  /** Rings at about that time, if this process is still there; else the sweep does. */
  abstract ringLater(queue: string, rowId: string | undefined, delayMs: number): void;
  /** One handler per queue. @throws if the queue has one already: a boot error */
  abstract answer(queue: string, handler: BellHandler, options: AnswerOptions): void;
  /** Anonymous bells waiting or being worked on, so that the sweep can top them up. */
  abstract waiting(queue: string): Promise<number>;
  /** Bells begin to be answered; before this they only collect. */
  abstract open(): void;
  /** Takes no more work and waits for what is under way, at most that long. */
  abstract close(graceMs: number): Promise<void>;
}
