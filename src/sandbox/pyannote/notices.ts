import type { Courier, Letter } from '../notices/courier.js';
import { type FaultStore, numberOf, stringOf } from '../faults/fault-store.js';
import type { NoticeEntry } from '../record.js';
import type { Timers } from '../timers.js';
import { NOTICE_FAULTS, type NoticeFault, occasionOf, VENDOR } from './fault-catalogue.js';
import { type Job, webhookOf } from './job.js';
import { NoticeWriter, type Twists } from './notice-writer.js';

/** At once, a minute later, five minutes after that; then never again. */
const RETRIES = [0, 60_000, 300_000];
const NAMES = Object.keys(NOTICE_FAULTS) as NoticeFault[];
const NO_TWISTS: Twists = new Map();

export class Notices {
  private readonly writer: NoticeWriter;
  private readonly held: (() => void)[] = [];

  constructor(
    private readonly courier: Courier,
    private readonly faults: FaultStore,
    private readonly timers: Timers,
    secret: string,
  ) {
    this.writer = new NoticeWriter(secret);
  }

  /** Resolves once the first attempt has been answered, or at once when there is nobody to tell. */
  async jobEnded(job: Job): Promise<void> {
    const url = webhookOf(job);
    if (url === null) return;
    const twists = this.strike(job);
    if (twists.has('lose')) return;
    if (twists.has('reorder')) await new Promise<void>((resolve) => this.held.push(resolve));
    const delay = twists.get('delay');
    if (delay !== undefined) await this.timers.wait(numberOf(delay, 'ms', 1_000));
    if (!(await this.sendExtra(job, url, twists))) await this.sendAll(job, url, twists);
    for (const release of this.held.splice(0).reverse()) release();
  }

  /** The first try once more, without faults and without retries, to any address. */
  async sendAgain(job: Job, url: string, extraHeaders: Record<string, string>): Promise<NoticeEntry> {
    const write = this.writer.forJob(job, NO_TWISTS);
    const letter = this.letter(job, 'resend', url, (attempt) => {
      const { headers, body } = write(attempt);
      return { headers: { ...headers, ...extraHeaders }, body };
    });
    return this.courier.deliver({ ...letter, retries: [] });
  }

  private strike(job: Job): Twists {
    const twists: Map<NoticeFault, NonNullable<ReturnType<FaultStore['take']>>> = new Map();
    for (const name of NAMES) {
      const fault = this.faults.take(VENDOR, name, occasionOf(job));
      if (fault !== undefined) twists.set(name, fault);
    }
    job.faults.push(...twists.keys());
    return twists;
  }

  private async sendAll(job: Job, url: string, twists: Twists): Promise<void> {
    const sent = [this.courier.deliver(this.letter(job, 'notice', url, this.writer.forJob(job, twists)))];
    const contradiction = twists.get('contradict');
    if (contradiction !== undefined) {
      const body = JSON.stringify({ jobId: job.jobId, status: stringOf(contradiction, 'status', 'failed') });
      const write = this.writer.forBody(() => body, NO_TWISTS);
      sent.push(this.courier.deliver(this.letter(job, 'contradiction', url, write)));
    }
    const duplicate = twists.get('duplicate');
    const copies = duplicate === undefined ? 0 : numberOf(duplicate, 'copies', 1);
    for (let copy = 0; copy < copies; copy++) {
      if (duplicate?.params.parallel !== true) await Promise.all(sent);
      const write = this.writer.forJob(job, twists);
      sent.push(this.courier.deliver({ ...this.letter(job, 'duplicate', url, write), retries: [] }));
    }
    await Promise.all(sent);
  }

  /** True when the extra body went out in place of the notice. */
  private async sendExtra(job: Job, url: string, twists: Twists): Promise<boolean> {
    const extra = twists.get('extra-notice-body');
    if (extra === undefined) return false;
    const { body, instead } = extra.params;
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
    const write = this.writer.forBody(() => text, twists);
    await this.courier.deliver({ ...this.letter(job, 'extra', url, write), retries: [] });
    return instead === true;
  }

  private letter(job: Job, kind: string, url: string, write: Letter['write']): Letter {
    const retries = RETRIES.map((pause) => this.timers.scaled(pause));
    return { vendor: VENDOR, jobId: job.jobId, kind, url, write, retries };
  }
}
