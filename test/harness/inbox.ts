import { Callback } from '../../src/kernel/jobs/callback.js';
import { eventually } from './eventually.js';
import type { World } from './service.js';
import { postNotice } from './signed-notice.js';
import type { NoticeAnswer, NoticeOptions } from './signed-notice.js';

export interface ReplayAnswer {
  number: number;
  askedAt: string;
  actor: string;
  reason: string | null;
  earlier: { outcome: string; detail: string | null; jobId: string | null; closedAt: string | null };
  outcome: string;
}

export interface DeliveryAnswer {
  id: string;
  receivedAt: string;
  source: string;
  outcome: string;
  detail: string | null;
  jobId: string | null;
  vendorDeliveryId: string;
  refs: string[];
  address: string;
  headers: Record<string, string | string[]>;
  bodyBase64: string;
  bodyText: string | null;
  attempts: number;
  repeats: number;
  lastRetryNumber: string | null;
  lastRetryReason: string | null;
  replays: ReplayAnswer[];
}

type SendOptions = Partial<NoticeOptions> & { to?: string };

/** The inbound side of a world: notices in as the vendor would send them, deliveries out as an operator sees them. */
export class Inbox {
  constructor(private readonly world: World) {}

  /** To the address without a job by default, signed with the vendor's secret by default. */
  async send(body: string | Buffer | object, { to, ...options }: SendOptions = {}): Promise<NoticeAnswer> {
    const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const url = new URL(to ?? '/webhooks/pyannote', this.world.url).href;
    return postNotice(url, bytes, { secret: this.world.vendor.webhookSecret, ...options });
  }

  /** The delivery's id. @throws unless the notice was taken in */
  async sendWell(body: string | Buffer | object, options: SendOptions = {}): Promise<string> {
    const answer = await this.send(body, options);
    if (answer.status !== 200) throw new Error(`not taken in: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.deliveryId;
  }

  /** The address that the vendor was given, or would be given, for this job. */
  async addressOf(jobId: string): Promise<string> {
    const [job] = await this.world.db.query<{ teamId: string; kind: string; provider: string }>(
      'select team_id as "teamId", kind, provider from jobs where id = $1',
      [jobId],
    );
    if (!job) throw new Error(`there is no job ${jobId}`);
    const url = this.world.app.get(Callback).urlFor(job.provider, { ...job, jobId });
    if (url === null) throw new Error('there is no PUBLIC_URL');
    return url;
  }

  async delivery(id: string): Promise<DeliveryAnswer> {
    const answer = await this.world.client.get<DeliveryAnswer>(`/v1/deliveries/${id}`);
    if (answer.status !== 200) throw new Error(`no delivery ${id}: ${answer.status}`);
    return answer.body;
  }

  async list(query: string, key?: string): Promise<DeliveryAnswer[]> {
    const client = key === undefined ? this.world.client : this.world.client.withKey(key);
    return (await client.get<{ items: DeliveryAnswer[] }>(`/v1/deliveries?${query}`)).body.items;
  }

  /** The delivery once it stands like this. */
  until(id: string, outcome: string, deadlineMs?: number): Promise<DeliveryAnswer> {
    return eventually(
      `delivery ${id} is ${outcome}`,
      async () => {
        const found = await this.delivery(id);
        if (found.outcome !== outcome) throw new Error(JSON.stringify({ ...found, bodyBase64: '', bodyText: '' }));
        return found;
      },
      deadlineMs,
    );
  }
}
