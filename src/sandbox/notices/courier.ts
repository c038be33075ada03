import { Deadlines } from '../deadlines.js';
import type { NoticeEntry, SandboxRecord } from '../record.js';
import type { Timers } from '../timers.js';
import { type Answer, post } from './post.js';

export interface Attempt {
  /** 1 is the first delivery. */
  try: number;
  /** Why the one before did not count. */
  reason: string | null;
}

export interface Letter {
  vendor: string;
  jobId: string;
  kind: string;
  url: string;
  /** Written anew for every attempt: timestamps, signatures and retry headers change. */
  write(attempt: Attempt): { headers: Record<string, string>; body: string };
  /** Real milliseconds before each retry, counted from the failure before it. */
  retries: readonly number[];
  /** 2 unless told. */
  redirects?: number;
  /** True when no further attempt follows that answer, whatever retries are left. */
  isFinal?(answer: Answer): boolean;
}

/** Real milliseconds that an attempt may last, by its number. */
export type Patience = (attempt: number) => number;

/** Delivers notices and writes every attempt down. */
export class Courier {
  private readonly deadlines = new Deadlines();

  constructor(
    private readonly record: SandboxRecord,
    private readonly timers: Timers,
    private readonly patience: Patience,
  ) {}

  /** Resolves after the first attempt; retries go on behind. */
  async deliver(letter: Letter): Promise<NoticeEntry> {
    return this.attempt(letter, { try: 1, reason: null });
  }

  private async attempt(letter: Letter, attempt: Attempt): Promise<NoticeEntry> {
    const { headers, body } = letter.write(attempt);
    const { vendor, jobId, kind, url } = letter;
    const entry = this.record.notice({ vendor, jobId, kind, try: attempt.try, url, headers, body });
    const deadline = this.deadlines.in(this.patience(attempt.try));
    const answer = await post({ url, headers, body }, deadline, letter.redirects);
    Object.assign(entry, answer, { answeredAt: new Date().toISOString() });
    const pause = letter.isFinal?.(answer) === true ? undefined : letter.retries[attempt.try - 1];
    if (answer.error !== undefined && pause !== undefined && !this.deadlines.isStopped()) {
      const next = { try: attempt.try + 1, reason: answer.error };
      this.timers.after(pause, () => void this.attempt(letter, next));
    }
    return entry;
  }

  stop(): void {
    this.deadlines.stop();
  }
}
