import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { signed } from '../kernel/notifications/sending/standard-webhooks.js';
import type { FeedEvent } from './event-feed.js';
import { isSuccess, post } from './post.js';
import type { Answer } from './post.js';

/** Milliseconds before each try but the first. */
const WAITS: readonly number[] = [500, 1_000, 2_000];

/** Sends events on to one address, signed as a notification is. */
export class Forwarder {
  constructor(
    private readonly to: string,
    private readonly secret: string,
    private readonly signal: AbortSignal,
    private readonly tell: (line: string) => void,
    private readonly waits = WAITS,
  ) {}

  /** One event, after a few tries if need be. What came of the last one. */
  async send({ id, body }: FeedEvent): Promise<Answer> {
    for (let failures = 0; ; failures++) {
      const answer = await post(this.to, signedMessage(messageId(id, body), body, this.secret), this.signal);
      const wait = this.waits[failures];
      if (isSuccess(answer) || this.signal.aborted || wait === undefined) return answer;
      this.tell(`${this.to}: ${answer.says}; again in ${wait / 1_000} s`);
      await pause(wait, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }
}

/** A body with the headers of Standard Webhooks, of this moment. */
export function signedMessage(id: string, body: string, secret: string) {
  const seconds = Math.floor(Date.now() / 1_000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Signalbox',
    ...signed(id, seconds, body, [secret]),
  };
  return { headers, body };
}

/** The same for the same event, whoever asks and whenever: receivers know repeats by it. */
export function messageId(eventId: string, body: string): string {
  if (/^[\w-]{1,100}$/.test(eventId)) return `evt_${eventId}`;
  return `evt_${createHash('sha256').update(`${eventId}\n${body}`).digest('base64url')}`;
}
