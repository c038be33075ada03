import { randomUUID } from 'node:crypto';
import { type Fault, numberOf, stringOf } from '../faults/fault-store.js';
import type { Attempt, Letter } from '../notices/courier.js';
import type { NoticeFault } from './fault-catalogue.js';
import type { Job } from './job.js';
import type { KeyRing } from './key-ring.js';
import { dumps } from './python-json.js';
import { relayBody } from './relay-shape.js';
import { sign } from './signature.js';

/** The faults that struck one notice. */
export type Twists = ReadonlyMap<NoticeFault, Fault>;

/** Body and headers of a notice, byte by byte as the vendor sends them, plus whatever fault struck it. */
export class NoticeWriter {
  constructor(
    private readonly keys: KeyRing,
    private readonly userId: string,
  ) {}

  forJob(job: Job, twists: Twists, output?: unknown): Letter['write'] {
    const gateway = twists.has('other-gateway') ? randomUUID() : job.requestId;
    return this.forBody(
      job.requestId,
      (attempt) => {
        const now = inForce(twists, attempt);
        const relay = now.get('relay-shape');
        return relay === undefined ? dumps(noticeOf(job, gateway, now, output)) : relayBody(job, relay.params);
      },
      twists,
    );
  }

  forBody(requestId: string, bodyOf: (attempt: Attempt) => string, twists: Twists): Letter['write'] {
    let first: string | undefined;
    return (attempt) => {
      const now = inForce(twists, attempt);
      const fresh = timestampOf(now);
      first ??= fresh;
      const timestamp = now.has('frozen-timestamp') ? first : fresh;
      const body = bodyOf(attempt);
      const wrongUser = now.get('wrong-user');
      const userId = wrongUser === undefined ? this.userId : stringOf(wrongUser, 'id', 'somebody-else');
      const key = now.has('wrong-key') ? this.keys.stranger : this.keys.current;
      const headers = {
        'Content-Type': 'application/json',
        'X-Fal-Webhook-Request-Id': requestId,
        'X-Fal-Webhook-User-Id': userId,
        'X-Fal-Webhook-Timestamp': timestamp,
        'X-Fal-Webhook-Signature': sign(key, { requestId, userId, timestamp, body }),
      };
      return { headers, body: now.has('reserialised') ? JSON.stringify(JSON.parse(body)) : body };
    };
  }
}

function inForce(twists: Twists, attempt: Attempt): Twists {
  return new Map([...twists].filter(([, fault]) => attempt.try <= numberOf(fault, 'tries', attempt.try)));
}

/** Fresh for every try; the vendor's own five-minute rule would refuse its late ones otherwise. */
function timestampOf(twists: Twists): string {
  const [stale, future] = [twists.get('stale-timestamp'), twists.get('future-timestamp')];
  const back = stale === undefined ? 0 : numberOf(stale, 'seconds', 3_600);
  const ahead = future === undefined ? 0 : numberOf(future, 'seconds', 3_600);
  return String(Math.floor(Date.now() / 1000) - back + ahead);
}

function noticeOf(job: Job, gateway: string, twists: Twists, other: unknown): object {
  const { outcome, requestId } = job;
  const ids = { request_id: requestId, gateway_request_id: gateway };
  const [missing, unknown] = [twists.get('payload-missing'), twists.get('unknown-word')];
  const word = (usual: string) => (unknown === undefined ? usual : stringOf(unknown, 'status', 'DONE'));
  if (outcome === null) return { ...ids, status: word('ERROR'), payload: null, error: 'No outcome' };
  if (!('output' in outcome)) {
    return { ...ids, status: word('ERROR'), payload: { detail: outcome.detail }, error: outcome.error };
  }
  if (missing !== undefined) {
    const payload_error = stringOf(missing, 'error', 'Response payload is not JSON serializable.');
    return { ...ids, status: word('OK'), payload: null, error: null, payload_error };
  }
  return { ...ids, status: word('OK'), payload: other ?? outcome.output, error: null };
}
