import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox.js';
import { isGenuine, type Received, type Receiver, startReceiver } from './receiver.js';
import { VendorClient } from './vendor-client.js';

/** A sandbox, somebody to call it and somebody to be called by it. */
export class Stage {
  private constructor(
    readonly sandbox: Sandbox,
    readonly vendor: VendorClient,
    public receiver: Receiver,
  ) {}

  static async build(factor: number): Promise<Stage> {
    const sandbox = await startSandbox({ factor, audioDir: join(__dirname, '../../../examples/audio') });
    return new Stage(sandbox, new VendorClient(sandbox), await startReceiver());
  }

  /** Before each test: no fault left over, and a receiver that late retries of the test before cannot reach. */
  async renew(): Promise<void> {
    await this.vendor.admin('DELETE', '/faults');
    await this.receiver.stop();
    this.receiver = await startReceiver();
  }

  submit(): Promise<string> {
    return this.vendor.submit('diarize', { url: this.vendor.recording(), webhook: this.receiver.url });
  }

  /** Strikes the next job and returns what arrived, once `count` deliveries are there. */
  async struck(count: number, fault: string, params: Record<string, unknown> = {}): Promise<Received[]> {
    await this.vendor.fault(fault, params);
    await this.submit();
    return this.receiver.wait(count);
  }

  isGenuine(one: Received | undefined): boolean {
    return one !== undefined && isGenuine(one, this.sandbox.pyannote.webhookSecret);
  }

  async noticesOf(jobId: string): Promise<{ try: number; status: number | null; error?: string; sentAt: string }[]> {
    const { notices } = (await this.vendor.admin('GET', '/record')).body as {
      notices: { jobId: string; try: number; status: number | null; sentAt: string }[];
    };
    return notices.filter((notice) => notice.jobId === jobId);
  }

  async tearDown(): Promise<void> {
    await this.sandbox.stop();
    await this.receiver.stop();
  }
}
