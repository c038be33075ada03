import type { Attempt, Letter } from '../notices/courier.js';
import { type Fault, numberOf, stringOf } from '../faults/fault-store.js';
import type { NoticeFault } from './fault-catalogue.js';
import type { Job } from './job.js';
import { sign } from './signature.js';

/** The faults that struck one notice. */
export type Twists = ReadonlyMap<NoticeFault, Fault>;

/** Body and headers of a notice, byte by byte as the vendor sends them, plus whatever fault struck it. */
export class NoticeWriter {
  constructor(private readonly secret: string) {}

  forJob(job: Job, twists: Twists): Letter['write'] {
    return this.forBody((attempt) => JSON.stringify(noticeOf(job, inForce(twists, attempt))), twists);
  }

  forBody(bodyOf: (attempt: Attempt) => string, twists: Twists): Letter['write'] {
    let first: string | undefined;
    return (attempt) => {
      const now = inForce(twists, attempt);
      const fresh = timestamp(now);
      first ??= fresh;
      const stamp = now.has('frozen-timestamp') ? first : fresh;
      const body = bodyOf(attempt);
      const key = now.has('wrong-signature') ? `${this.secret}-but-wrong` : this.secret;
      const signature = sign(key, stamp, body, now.has('base64-signature') ? 'base64' : 'hex');
      const proof = { 'X-Request-Timestamp': stamp, 'X-Signature': signature };
      return { headers: { 'Content-Type': 'application/json', ...proof, ...retryHeaders(attempt) }, body };
    };
  }
}

function inForce(twists: Twists, attempt: Attempt): Twists {
  return new Map([...twists].filter(([, fault]) => attempt.try <= numberOf(fault, 'tries', attempt.try)));
}

function timestamp(twists: Twists): string {
  const [stale, future] = [twists.get('stale-timestamp'), twists.get('future-timestamp')];
  const back = stale === undefined ? 0 : numberOf(stale, 'seconds', 3_600);
  const ahead = future === undefined ? 0 : numberOf(future, 'seconds', 3_600);
  return String(Math.floor(Date.now() / 1000) - back + ahead);
}

function retryHeaders({ try: attempt, reason }: Attempt): Record<string, string> {
  return attempt === 1 ? {} : { 'x-retry-num': String(attempt - 1), 'x-retry-reason': reason ?? 'unknown_error' };
}

function noticeOf(job: Job, twists: Twists): object {
  const status = statusIn(job, twists);
  const told = status === undefined ? { jobId: job.jobId } : { jobId: job.jobId, status };
  if (job.request.webhookStatusOnly === true || job.status !== 'succeeded' || job.outputGone) return told;
  return { ...told, output: twists.has('no-output-keys') ? {} : job.output };
}

function statusIn(job: Job, twists: Twists): unknown {
  const raw = twists.get('raw-status');
  if (raw !== undefined) return raw.params.absent === true ? undefined : (raw.params.value ?? null);
  const unknown = twists.get('unknown-status');
  if (unknown !== undefined) return stringOf(unknown, 'status', 'done');
  const cased = twists.get('letter-case');
  if (cased !== undefined) return stringOf(cased, 'as', job.status.toUpperCase());
  return twists.has('failed-as-canceled') && job.status === 'failed' ? 'canceled' : job.status;
}
