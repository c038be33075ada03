import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { timeOfId } from '../../src/kernel/webhooks/delivery-key.js';
import { InboxWriter } from '../../src/kernel/webhooks/inbox-writer.js';
import type { InboxRow } from '../../src/kernel/webhooks/inbox-writer.js';
import type { World } from './service.js';

const DAY = 24 * 60 * 60 * 1_000;

/** A notice that came a while ago, written by the inbox itself; nobody has worked on it until now. */
export async function keepOld(
  world: World,
  body: object,
  ageMs = 3 * DAY,
  over: Partial<InboxRow> = {},
): Promise<InboxRow> {
  const id = uuidv7({ msecs: Date.now() - ageMs });
  const bytes = Buffer.from(JSON.stringify(body));
  const sha = createHash('sha256').update(bytes).digest();
  const row: InboxRow = {
    id,
    receivedAt: timeOfId(id),
    source: 'pyannote',
    provider: 'pyannote',
    deliveryId: sha.toString('hex'),
    refs: JSON.stringify('jobId' in body ? [body.jobId] : []),
    callbackJob: null,
    address: '127.0.0.1',
    headers: '{}',
    body: bytes,
    bodySha: sha,
    retryNumber: null,
    retryReason: null,
    ...over,
  };
  await world.app.get(InboxWriter).add(row);
  return row;
}
