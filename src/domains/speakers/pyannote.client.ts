import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { SECOND } from '../../kernel/config/pace.js';
import { Unclear } from '../../kernel/jobs/provider-errors.js';
import { VendorRequests, isOk } from '../../kernel/jobs/vendor-requests.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { KernelMetrics } from '../../kernel/observability/kernel-metrics.js';
import { jobCreatedFrom, listPageFrom, presignedFrom, vendorJobFrom } from './pyannote.answers.js';
import type { JobCreated, ListPage, VendorJob } from './pyannote.answers.js';
import { retryAfterMs, sortedBreak, sortedPut, sortedQuestion, sortedSubmit } from './pyannote.failures.js';
import { PyannoteHttp } from './pyannote.http.js';
import type { VendorAnswer, VendorRequest } from './pyannote.http.js';
import { largeJobFrom } from './pyannote.large.js';
import { PyannoteLimits } from './pyannote.limits.js';
import type { Bucket } from './pyannote.limits.js';
import { PyannoteStorage } from './pyannote.storage.js';

/** How long we keep off after a 429 that does not say. */
const HOLD = 10 * SECOND;
const PAGE = 100;

const MEDIA_INPUT = '/v1/media/input';

type Operation = 'submit' | 'get' | 'list' | 'media' | 'upload';

/** What we ask of pyannoteAI. Every failure comes out sorted, every request measured and told in one line. */
@Injectable()
export class PyannoteClient {
  private readonly requests: VendorRequests;

  constructor(
    private readonly http: PyannoteHttp,
    private readonly storage: PyannoteStorage,
    private readonly limits: PyannoteLimits,
    metrics: KernelMetrics,
    logger: AppLogger,
  ) {
    this.requests = new VendorRequests('pyannote', metrics, logger);
  }

  /** A place among the submits of this minute, before anybody commits to sending one. @throws {NotNow} when there is none */
  reserve(): Promise<void> {
    return this.limits.take('post');
  }

  /** The one request that costs; `reserve()` comes first. @throws NotNow, Refused, Unavailable or Unclear */
  submit(path: string, body: object): Promise<JobCreated> {
    return this.call('submit', { method: 'POST', path, body }, (answer) => {
      if (!isOk(answer)) throw sortedSubmit(answer);
      const created = jobCreatedFrom(answer.json);
      if (!created) throw new Unclear(`pyannote answers ${answer.status} without a job id`);
      return created;
    });
  }

  /** Where a file is to be put that jobs will name by this `media://` address. @throws like `submit`; it costs nothing */
  async mediaInput(url: string): Promise<string> {
    await this.limits.take('media');
    return this.call('media', { method: 'POST', path: MEDIA_INPUT, body: { url } }, (answer) => {
      if (!isOk(answer)) throw sortedSubmit(answer);
      const address = presignedFrom(answer.json, this.http.base);
      if (address === null) throw new Error(`pyannote answers ${answer.status} without an address to upload to`);
      return address;
    });
  }

  /** Puts a file where `mediaInput` said. @throws NotNow, Refused, or any other error: not there now */
  upload(address: string, bytes: Readable, size: number): Promise<void> {
    const put = () => this.storage.put(address, bytes, size).catch(broken);
    return this.requests.measured('upload', put, (answer) => {
      if (!isOk(answer)) throw sortedPut(answer);
    });
  }

  /** Null when the vendor knows no such job. @throws NotNow, Unavailable, or any other error: not known now */
  async job(jobId: string): Promise<VendorJob | null> {
    await this.limits.take('get');
    const request = { method: 'GET', path: `/v1/jobs/${encodeURIComponent(jobId)}`, mayBeLarge: true } as const;
    const answer = await this.call('get', request, (whole) => {
      if (whole.status === 404) return null;
      return whole.large && isOk(whole) ? whole.large : understood(whole, vendorJobFrom);
    });
    return answer && Symbol.asyncIterator in answer ? largeJobFrom(answer) : answer;
  }

  /** One page of the team's jobs, newest first, without outputs. @throws like `job` */
  async jobs(cursor?: string): Promise<ListPage> {
    await this.limits.take('get');
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === undefined ? {} : { cursor }) });
    return this.call('list', { method: 'GET', path: `/v2/jobs?${query.toString()}` }, (answer) =>
      understood(answer, listPageFrom),
    );
  }

  private call<T>(operation: Operation, request: VendorRequest, sort: (answer: VendorAnswer) => T): Promise<T> {
    return this.requests.measured(
      operation,
      () => this.http.send(request).catch(broken),
      (answer) => {
        if (answer.status === 429) this.limits.hold(bucketOf(request), retryAfterMs(answer) ?? HOLD);
        return sort(answer);
      },
    );
  }
}

const broken = (error: unknown): never => {
  throw sortedBreak(error);
};

function understood<T>(answer: VendorAnswer, read: (json: unknown) => T | null): T {
  if (!isOk(answer)) throw sortedQuestion(answer);
  const value = read(answer.json);
  if (value === null) throw new Error(`pyannote answers ${answer.status} with something else than documented`);
  return value;
}

function bucketOf({ method, path }: VendorRequest): Bucket {
  if (path === MEDIA_INPUT) return 'media';
  return method === 'POST' ? 'post' : 'get';
}
