import { Injectable } from '@nestjs/common';

/** What jobs want to know of the inbox, which stands below them on the ladder; webhooks fills it at start. */
export interface JobInbox {
  /** Whether any notice of this job has come in, and whether one of them is not closed yet. */
  inboxOf(job: { id: string; provider: string; externalId: string | null }): Promise<{ any: boolean; open: boolean }>;
}

@Injectable()
export class InboxPort implements JobInbox {
  private inbox: JobInbox | null = null;

  fill(inbox: JobInbox): void {
    if (this.inbox) throw new Error('the inbox port is filled twice');
    this.inbox = inbox;
  }

  inboxOf(job: { id: string; provider: string; externalId: string | null }): Promise<{ any: boolean; open: boolean }> {
    if (!this.inbox) throw new Error('the inbox port is not filled: import WebhooksModule');
    return this.inbox.inboxOf(job);
  }
}
