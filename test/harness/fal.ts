import type { FalPlace } from '../../src/sandbox/sandbox.js';
import { ApiClient } from './api-client.js';
import type { RecordedNotice, VendorRecord } from './vendor.js';

export interface RecordedTraining {
  /** The queue's request id. */
  jobId: string;
  endpoint: string;
  status: 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';
  webhook: string | null;
  /** The input as it was submitted. */
  request: Record<string, unknown>;
  output?: Record<string, unknown>;
  failure?: { code: number; error: string; detail: unknown };
  images: number | null;
  captions: number | null;
  cancelRequested: boolean;
  /** US dollars. */
  paid: number;
  faults: string[];
}

export interface FalRecord extends Omit<VendorRecord, 'jobs'> {
  jobs: RecordedTraining[];
}

/** How somebody in between words a notice. */
export interface RelayShape {
  status: string;
  under?: 'result' | 'output' | 'response' | 'payload';
  progress?: number;
  message?: string;
  error?: string;
}

export interface Relay {
  url: string;
  /** `whsec_…`: signed by Standard Webhooks. */
  secret?: string;
  token?: string;
  headers?: Record<string, string>;
}

/** The stand-in of fal.ai, seen from its admin side: faults on demand, and its own record of what happened. */
export class Fal {
  private readonly admin: ApiClient;

  constructor(
    private readonly url: string,
    readonly place: FalPlace,
  ) {
    this.admin = new ApiClient(url);
  }

  /** Address of an archive with as many pictures and captions; twelve pictures unless told. */
  images(count: { images?: number; captions?: number } = {}): string {
    const { images = 12, captions = 0 } = count;
    return `${this.place.imagesUrl}?images=${images}&captions=${captions}`;
  }

  async fault(fault: string, parameters: Record<string, unknown> = {}): Promise<void> {
    const made = await this.admin.post('/sandbox/faults', { vendor: 'fal', fault, ...parameters });
    if (made.status !== 201) throw new Error(`the fault ${fault} was refused: ${JSON.stringify(made.body)}`);
  }

  async clearFaults(): Promise<void> {
    await this.admin.ask('/sandbox/faults', { method: 'DELETE' });
  }

  /** What fal.ai was asked, trained and told; nothing of other vendors. */
  async record(): Promise<FalRecord> {
    type All = Omit<FalRecord, 'jobs' | 'notices'> & {
      jobs: (RecordedTraining & { vendor: string })[];
      notices: (RecordedNotice & { vendor: string })[];
    };
    const { requests, jobs, notices } = (await this.admin.get<All>('/sandbox/record')).body;
    return {
      requests: requests.filter(({ path }) => path.startsWith('/fal/')),
      jobs: jobs.filter(({ vendor }) => vendor === 'fal'),
      notices: notices.filter(({ vendor }) => vendor === 'fal'),
    };
  }

  async training(requestId: string): Promise<RecordedTraining> {
    const found = (await this.record()).jobs.find(({ jobId }) => jobId === requestId);
    if (!found) throw new Error(`fal.ai knows of no request ${requestId}`);
    return found;
  }

  /** What was paid for, in US dollars. */
  async paid(): Promise<number> {
    return (await this.record()).jobs.reduce((sum, { paid }) => sum + paid, 0);
  }

  /** New keys sign from now on; with `drop` the old ones are no longer listed. */
  async rotateKeys(drop = false): Promise<void> {
    await this.admin.post('/sandbox/fal/keys/rotate', { drop });
  }

  async useRetryPolicy(policy: 'old' | 'new'): Promise<void> {
    await this.admin.ask('/sandbox/fal/retry-policy', { method: 'PUT', body: { policy } });
  }

  /** Sends the notice of a request again, wherever one likes. */
  async sendNotice(
    requestId: string,
    to: { url?: string; headers?: Record<string, string> } = {},
  ): Promise<RecordedNotice> {
    const sent = await this.admin.post<RecordedNotice>(`/sandbox/fal/jobs/${requestId}/notice`, to);
    if (sent.status >= 300) throw new Error(`the notice was not sent: ${JSON.stringify(sent.body)}`);
    return sent.body;
  }

  /** Sends notices of a request as a relay would, one after the other. */
  async relay(requestId: string, relay: Relay, notices: RelayShape[]): Promise<RecordedNotice[]> {
    const path = `/sandbox/fal/jobs/${requestId}/relay`;
    const sent = await this.admin.post<{ notices: RecordedNotice[] }>(path, { ...relay, notices });
    if (sent.status >= 300) throw new Error(`the notices were not sent: ${JSON.stringify(sent.body)}`);
    return sent.body.notices;
  }
}
