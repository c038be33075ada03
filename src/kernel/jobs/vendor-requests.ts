import type { AppLogger } from '../observability/app-logger.js';
import type { KernelMetrics } from '../observability/kernel-metrics.js';
import { NotNow, Refused, Unavailable, Unclear } from './provider-errors.js';

/** What is told of one request beside how long it took. */
export interface SeenRequest {
  /** From a closed set, for the metric; `ok` where it did what it was for. */
  outcome: string;
  status?: number;
  reason?: string;
  /** Bytes of an upload. */
  size?: number;
}

/** The requests to one vendor: each measured, and told in one line. */
export class VendorRequests {
  constructor(
    private readonly provider: string,
    private readonly metrics: KernelMetrics,
    private readonly logger: AppLogger,
  ) {}

  /** What `sort` makes of the answer. @throws what `send` throws, which sorts its own failures, or `sort` */
  async measured<A extends { status: number }, T>(
    operation: string,
    send: () => Promise<A>,
    sort: (answer: A) => T,
  ): Promise<T> {
    const start = performance.now();
    let status: number | undefined;
    try {
      const answer = await send();
      status = answer.status;
      const result = sort(answer);
      this.tell(operation, start, { outcome: 'ok', status });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : undefined;
      this.tell(operation, start, { outcome: outcomeOf(error), status, reason });
      throw error;
    }
  }

  /** `start` is a reading of `performance.now()`. */
  tell(operation: string, start: number, seen: SeenRequest): void {
    const ms = performance.now() - start;
    const labels = { provider: this.provider, operation, outcome: seen.outcome };
    this.metrics.vendorRequests.observe(labels, ms / 1_000);
    const line = { ...labels, ...seen, ms: Math.round(ms * 10) / 10 };
    this.logger.wide('vendor.asked', 'vendor request', line, seen.outcome === 'ok' ? 'debug' : 'info');
  }
}

export const isOk = ({ status }: { status: number }): boolean => status >= 200 && status <= 299;

function outcomeOf(error: unknown): string {
  if (error instanceof NotNow) return 'not_now';
  if (error instanceof Refused) return 'refused';
  if (error instanceof Unavailable) return 'unavailable';
  return error instanceof Unclear ? 'unclear' : 'failed';
}
