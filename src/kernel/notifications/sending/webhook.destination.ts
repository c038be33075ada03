import { Injectable } from '@nestjs/common';
import { GuardedFetch } from '../../http/guarded-fetch.js';
import type { GuardedAnswer } from '../../http/guarded-fetch.js';
import { WEBHOOK } from '../destination.js';
import type { Destination, Outgoing, SendResult } from '../destination.js';
import { readableStart } from './readable-start.js';
import { retryAfterMs } from './retry-schedule.js';
import { signed } from './standard-webhooks.js';

/** Of the answer; the rest is not read. */
const ANSWER_BYTES = 1_024;
const GONE = 410;

/** The team's own HTTP endpoint: `{ type, timestamp, data }`, signed by Standard Webhooks. */
@Injectable()
export class WebhookDestination implements Destination {
  readonly name = WEBHOOK;
  readonly signs = true;
  readonly about = 'an https address of yours that answers 2xx to a POST within 15 s';

  constructor(private readonly guarded: GuardedFetch) {}

  missingKeys(): readonly string[] {
    return [];
  }

  fault(url: string): string | null {
    return this.guarded.check(url);
  }

  shown(url: string): string {
    return url;
  }

  async send(message: Outgoing): Promise<SendResult> {
    const { type, timestamp, data } = message;
    const body = JSON.stringify({ type, timestamp, data });
    return resultOf(
      await postJson(this.guarded, message, body, signed(message.id, message.attemptedAt, body, message.secrets)),
    );
  }
}

/** One POST of a destination, and the beginning of its answer. @throws what `GuardedFetch` throws */
export function postJson(
  guarded: GuardedFetch,
  { url, timeoutMs }: Pick<Outgoing, 'url' | 'timeoutMs'>,
  body: string,
  headers: object = {},
): Promise<GuardedAnswer> {
  return guarded.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Signalbox', ...headers },
    body,
    timeoutMs,
    maxBytes: ANSWER_BYTES,
    overflow: 'cut',
  });
}

/** What the status means: 2xx is success and nothing else is, a redirect neither. */
export function resultOf({ status, headers, body }: Pick<GuardedAnswer, 'status' | 'headers' | 'body'>): SendResult {
  const answer = readableStart(body);
  if (status >= 200 && status < 300) return { outcome: 'delivered', status, error: null, answer };
  if (status === GONE) return { outcome: 'gone', status, error: 'answered 410: it wants no more', answer };
  const isRedirect = status >= 300 && status < 400;
  const error = isRedirect ? `answered ${status}: redirects are not followed` : `answered ${status}`;
  return { outcome: 'failed', status, error, answer, retryAfterMs: retryAfterMs(headers['retry-after']) };
}
