import { Injectable } from '@nestjs/common';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { Refused, Unclear } from '../../kernel/jobs/provider-errors.js';
import { VendorRequests, isOk } from '../../kernel/jobs/vendor-requests.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { KernelMetrics } from '../../kernel/observability/kernel-metrics.js';
import { addressesOf, submitUrl } from './fal.addresses.js';
import type { Addresses } from './fal.addresses.js';
import { resultFrom, statusFrom, submittedFrom } from './fal.answers.js';
import type { RequestStatus, ResultAnswer, Submitted } from './fal.answers.js';
import { accountFault, sortedBreak, sortedQuestion, sortedSubmit } from './fal.failures.js';
import { FalHttp, TooLarge } from './fal.http.js';
import type { VendorAnswer, VendorRequest } from './fal.http.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';

/** A result is a few addresses; one that has files in it may be larger. */
const MOST_RESULT = 32 * 1_024 ** 2;

type Operation = 'submit' | 'status' | 'result' | 'cancel';

/** What the vendor said to a wish to cancel; `unknown`: it knows no such request. */
export type CancelAnswer = 'requested' | 'completed' | 'unknown';

/** What we ask of fal.ai's queue. Every failure comes out sorted, every request measured and told in one line. */
@Injectable()
export class FalClient {
  private readonly requests: VendorRequests;

  constructor(
    private readonly http: FalHttp,
    metrics: KernelMetrics,
    logger: AppLogger,
  ) {
    this.requests = new VendorRequests('fal', metrics, logger);
  }

  /** Null for a job that nobody could be asked about. */
  addressesOf(job: ProviderJob): Addresses | null {
    return addressesOf(this.http.base, job);
  }

  /** The one request that costs: the body is the trainer's input itself. @throws NotNow, Refused, Unavailable or Unclear */
  async submit(trainer: string, body: Readonly<Fields>, callbackUrl: string | null): Promise<Submitted> {
    const { base } = this.http;
    const address = submitUrl(base, trainer);
    if (address === null) throw new Refused('unknown_trainer', 'the id of the trainer is none');
    // In the body it would be ignored without a word.
    const url = callbackUrl === null ? address : `${address}?fal_webhook=${encodeURIComponent(callbackUrl)}`;
    return this.call('submit', { method: 'POST', url, body }, (answer) => {
      if (!isOk(answer)) throw sortedSubmit(answer);
      const submitted = submittedFrom(answer.json, { base, trainer });
      if (!submitted) throw new Unclear(`fal answers ${answer.status} without the id of a request`);
      return submitted;
    });
  }

  /** With its log. Null when the vendor knows no such request. @throws NotNow, Unavailable, or any other error: not known now */
  async status({ statusUrl }: Addresses): Promise<RequestStatus | null> {
    const withLogs = new URL(statusUrl);
    withLogs.searchParams.set('logs', '1');
    try {
      return await this.statusAt(withLogs.toString());
    } catch (error) {
      // A log without end must not hide how its training stands.
      if (error instanceof TooLarge) return this.statusAt(statusUrl);
      throw error;
    }
  }

  /** What there is as the result of a request that the vendor calls completed. @throws like `status` */
  async result({ responseUrl }: Addresses): Promise<ResultAnswer> {
    try {
      return await this.call('result', { method: 'GET', url: responseUrl, most: MOST_RESULT }, (answer) => {
        if (answer.status === 429) throw sortedQuestion(answer);
        const fault = accountFault(answer);
        if (fault) throw fault;
        return resultFrom(answer);
      });
    } catch (error) {
      if (error instanceof TooLarge) return { tooLarge: responseUrl };
      throw error;
    }
  }

  /** @throws like `status` */
  cancel({ cancelUrl }: Addresses): Promise<CancelAnswer> {
    return this.call('cancel', { method: 'PUT', url: cancelUrl }, (answer) => {
      if (isOk(answer)) return 'requested';
      if (answer.status === 404) return 'unknown';
      const said = textOf(fieldsOf(answer.json)?.status) ?? textOf(fieldsOf(answer.json)?.detail) ?? '';
      if (answer.status === 400 && /already[_ ]completed/i.test(said)) return 'completed';
      throw sortedQuestion(answer);
    });
  }

  private statusAt(url: string): Promise<RequestStatus | null> {
    return this.call('status', { method: 'GET', url }, (answer) => {
      if (answer.status === 404) return null;
      if (!isOk(answer)) throw sortedQuestion(answer);
      const status = statusFrom(answer.json);
      if (!status) throw new Error(`fal answers ${answer.status} with something else than documented`);
      return status;
    });
  }

  private call<T>(operation: Operation, request: VendorRequest, sort: (answer: VendorAnswer) => T): Promise<T> {
    const send = () => this.http.send(request).catch((error: unknown) => Promise.reject(broken(operation, error)));
    return this.requests.measured(operation, send, sort);
  }
}

/** Of a submit, an answer that is too large is as unclear as none. */
function broken(operation: Operation, error: unknown): Error {
  return error instanceof TooLarge && operation !== 'submit' ? error : sortedBreak(error);
}
