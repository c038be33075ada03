import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';

/** As much of a job as its notices are found by. */
export interface NoticedJob {
  id: string;
  provider: string;
  externalId: string | null;
}

/** Whether any notice of a job has come in, and whether one of them is not closed yet. */
export interface JobNotices {
  any: boolean;
  open: boolean;
}

/** What jobs want to know of the inbox, which stands below them on the ladder; webhooks fills it at start. */
export interface JobInbox {
  /** Asked inside the transaction that settles the job: a second connection for it would run a small pool dry. */
  inboxOf(tx: Transaction, job: NoticedJob): Promise<JobNotices>;
}

@Injectable()
export class InboxPort implements JobInbox {
  private inbox: JobInbox | null = null;

  fill(inbox: JobInbox): void {
    if (this.inbox) throw new Error('the inbox port is filled twice');
    this.inbox = inbox;
  }

  inboxOf(tx: Transaction, job: NoticedJob): Promise<JobNotices> {
    if (!this.inbox) throw new Error('the inbox port is not filled: import WebhooksModule');
    return this.inbox.inboxOf(tx, job);
  }
}
