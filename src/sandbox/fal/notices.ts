import { type Fault, type FaultStore, numberOf } from '../faults/fault-store.js';
import type { Courier, Letter } from '../notices/courier.js';
import type { NoticeEntry } from '../record.js';
import type { Timers } from '../timers.js';
import { NOTICE_FAULTS, type NoticeFault, occasionOf, VENDOR } from './fault-catalogue.js';
import type { Job } from './job.js';
import type { KeyRing } from './key-ring.js';
import { NoticeWriter, type Twists } from './notice-writer.js';
import { relayBody } from './relay-shape.js';
import { pausesFor, type RetryPolicy } from './retry-policy.js';

const NAMES = Object.keys(NOTICE_FAULTS) as NoticeFault[];
const NO_TWISTS: Twists = new Map();

interface Rooms {
  courier: Courier;
  faults: FaultStore;
  timers: Timers;
  keys: KeyRing;
  userId: string;
  /** What a second completion of the same job brings. */
  otherOutput(job: Job): unknown;
}

/** Tells whoever asked for it at the end of a request, and never before. */
export class Notices {
  private readonly writer: NoticeWriter;
  private readonly held: (() => void)[] = [];

  constructor(
    private readonly rooms: Rooms,
    public policy: RetryPolicy,
  ) {
    this.writer = new NoticeWriter(rooms.keys, rooms.userId);
  }

  /** Resolves once the first attempt has been answered, or at once when there is nobody to tell. */
  async jobEnded(job: Job): Promise<void> {
    const url = job.webhook;
    if (url === null) return;
    const twists = this.strike(job);
    if (twists.has('lose')) return;
    if (twists.has('reorder')) await new Promise<void>((resolve) => this.held.push(resolve));
    const delay = twists.get('delay');
    if (delay !== undefined) await this.rooms.timers.wait(numberOf(delay, 'ms', 1_000));
    const rotated = twists.get('rotate-key');
    if (rotated !== undefined) this.rooms.keys.rotate(rotated.params.drop === true);
    if (!(await this.sendExtra(job, url, twists))) await this.sendAll(job, url, twists);
    for (const release of this.held.splice(0).reverse()) release();
  }

  /** The first try once more, without faults and without retries, to any address. */
  async sendAgain(job: Job, url: string, extraHeaders: Record<string, string>): Promise<NoticeEntry> {
    const write = this.writer.forJob(job, NO_TWISTS);
    return this.send(job, 'resend', url, (attempt) => {
      const { headers, body } = write(attempt);
      return { headers: { ...headers, ...extraHeaders }, body };
    });
  }

  /** One attempt of a body that is not the vendor's. */
  async sendForeign(job: Job, url: string, headers: Record<string, string>, body: string): Promise<NoticeEntry> {
    return this.send(job, 'relay', url, () => ({ headers, body }));
  }

  private strike(job: Job): Twists {
    const twists = new Map<NoticeFault, Fault>();
    for (const name of NAMES) {
      const fault = this.rooms.faults.take(VENDOR, name, occasionOf(job));
      if (fault !== undefined) twists.set(name, fault);
    }
    job.faults.push(...twists.keys());
    return twists;
  }

  private async sendAll(job: Job, url: string, twists: Twists): Promise<void> {
    const notice = () => this.writer.forJob(job, twists);
    const retries = pausesFor(this.policy, notice()({ try: 1, reason: null }).body.length);
    const sent = [this.send(job, 'notice', url, notice(), retries)];
    if (twists.has('contradict')) {
      const write = this.writer.forJob(job, NO_TWISTS, this.rooms.otherOutput(job));
      sent.push(this.send(job, 'contradiction', url, write));
    }
    if (twists.get('relay-shape')?.params.progressAfter === true) {
      await Promise.all(sent);
      const progress = () => relayBody(job, { status: 'in_progress', progress: 60 });
      sent.push(this.send(job, 'extra', url, this.writer.forBody(job.requestId, progress, NO_TWISTS)));
    }
    const duplicate = twists.get('duplicate');
    const copies = duplicate === undefined ? 0 : numberOf(duplicate, 'copies', 1);
    for (let copy = 0; copy < copies; copy++) {
      if (duplicate?.params.parallel !== true) await Promise.all(sent);
      sent.push(this.send(job, 'duplicate', url, notice()));
    }
    await Promise.all(sent);
  }

  /** True when the extra body went out in place of the notice. */
  private async sendExtra(job: Job, url: string, twists: Twists): Promise<boolean> {
    const extra = twists.get('extra-notice-body');
    if (extra === undefined) return false;
    const { body, instead } = extra.params;
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
    await this.send(
      job,
      'extra',
      url,
      this.writer.forBody(job.requestId, () => text, twists),
    );
    return instead === true;
  }

  /** Nothing is followed: who answers with another address is never told. */
  private send(job: Job, kind: string, url: string, write: Letter['write'], pauses: readonly number[] = []) {
    const retries = pauses.map((pause) => this.rooms.timers.scaled(pause));
    const isFinal: Letter['isFinal'] = ({ status }) => status !== null && status >= 300 && status < 400;
    return this.rooms.courier.deliver({
      vendor: VENDOR,
      jobId: job.requestId,
      kind,
      url,
      write,
      retries,
      redirects: 0,
      isFinal,
    });
  }
}
