import { ApiClient } from './api-client.js';

export interface RecordedNotice {
  n: number;
  jobId: string;
  try: number;
  url: string;
  headers: Record<string, string>;
  body: string;
  sentAt: string;
  status: number | null;
}

export interface RecordedJob {
  jobId: string;
  type: string;
  status: string;
  request: Record<string, unknown> & { webhook?: string | null; url?: string };
  output?: Record<string, unknown>;
}

export interface VendorRecord {
  requests: { n: number; at: string; method: string; path: string; status: number; jobId?: string; body?: unknown }[];
  jobs: RecordedJob[];
  notices: RecordedNotice[];
}

/** The stand-in of a vendor, seen from its admin side: faults on demand, and its own record of what happened. */
export class Vendor {
  private readonly admin: ApiClient;

  constructor(
    readonly url: string,
    readonly webhookSecret: string,
  ) {
    this.admin = new ApiClient(url);
  }

  get audio(): string {
    return `${this.url}/sandbox/audio/two-voices.wav`;
  }

  async fault(fault: string, parameters: Record<string, unknown> = {}): Promise<void> {
    const made = await this.admin.post('/sandbox/faults', { vendor: 'pyannote', fault, ...parameters });
    if (made.status !== 201) throw new Error(`the fault ${fault} was refused: ${JSON.stringify(made.body)}`);
  }

  async clearFaults(): Promise<void> {
    await this.admin.ask('/sandbox/faults', { method: 'DELETE' });
  }

  async record(): Promise<VendorRecord> {
    return (await this.admin.get<VendorRecord>('/sandbox/record')).body;
  }

  /** Sends the first notice of a vendor's job again, wherever one likes. */
  async sendNotice(
    vendorJobId: string,
    to: { url?: string; headers?: Record<string, string> } = {},
  ): Promise<RecordedNotice> {
    const sent = await this.admin.post<RecordedNotice>(`/sandbox/pyannote/jobs/${vendorJobId}/notice`, to);
    if (sent.status >= 300) throw new Error(`the notice was not sent: ${JSON.stringify(sent.body)}`);
    return sent.body;
  }
}
