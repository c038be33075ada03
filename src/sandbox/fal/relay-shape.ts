import { createHmac, randomUUID } from 'node:crypto';
import type { Job } from './job.js';
import { compact } from './python-json.js';

/** How somebody in between words a notice; the vendor itself never does. */
export interface RelayShape {
  status?: unknown;
  /** The name of the result. */
  under?: unknown;
  progress?: unknown;
  message?: unknown;
  error?: unknown;
}

const UNFINISHED = /^(in_queue|queued|in_progress|processing)$/i;

/** `{ request_id, status, progress?, message?, result|output|response|payload?, error? }` */
export function relayBody(job: Job, { status = 'completed', under = 'result', ...told }: RelayShape): string {
  const { outcome, requestId } = job;
  const isEnd = !UNFINISHED.test(String(status));
  const output = isEnd && outcome !== null && 'output' in outcome ? { [String(under)]: outcome.output } : {};
  const failure = isEnd && outcome !== null && !('output' in outcome) ? { error: outcome.error } : {};
  const { progress, message, error } = told;
  const more = Object.entries({ progress, message, error }).filter(([, value]) => value !== undefined);
  return compact({ request_id: requestId, status, ...output, ...failure, ...Object.fromEntries(more) });
}

export interface RelayProof {
  /** `whsec_…`, for a signature by Standard Webhooks. */
  secret?: string;
  /** For a relay that cannot sign. */
  token?: string;
}

export function relayHeaders(body: string, { secret, token }: RelayProof): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (secret === undefined) return headers;
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
