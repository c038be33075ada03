import type { S3Client } from '@aws-sdk/client-s3';
import { SECOND } from '../../config/pace.js';
import type { Pace } from '../../config/pace.js';
import type { AppLogger } from '../../observability/app-logger.js';
import type { KernelMetrics } from '../../observability/kernel-metrics.js';
import { storageUnavailable } from '../files.problems.js';
import type { S3Env } from './s3.env.js';

/** The library, loaded only where files lie in S3: it takes 60 MB and a while. */
type S3Library = typeof import('@aws-sdk/client-s3');

const CONNECT = 5 * SECOND;
/** Of a request until its answer begins: a part of 5 MiB on a slow line. */
const ANSWER = 60 * SECOND;
/** Each download holds one for as long as its reader takes. */
const SOCKETS = 256;
const TRIES = 3;

/** What S3 says when it is well, and what was asked for is not there. A bucket that is not there is no such thing. */
const NOT_THERE = new Set(['NoSuchKey', 'NotFound', 'NoSuchUpload']);

type Work<T> = (client: S3Client, s3: S3Library) => Promise<T>;

/** One way to the bucket, through which all requests go: counted, and every fault but "not there" is the same 503. */
export class S3Connection {
  private away: { since: number } | null = null;

  private constructor(
    private readonly s3: S3Library,
    private readonly client: S3Client,
    private readonly logger: AppLogger,
    private readonly metrics: KernelMetrics,
  ) {}

  static async to(env: Readonly<S3Env>, pace: Pace, logger: AppLogger, metrics: KernelMetrics): Promise<S3Connection> {
    const s3 = await import('@aws-sdk/client-s3');
    const { FILES_S3_ACCESS_KEY_ID: accessKeyId, FILES_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
    const client = new s3.S3Client({
      region: env.FILES_S3_REGION,
      forcePathStyle: env.FILES_S3_PATH_STYLE,
      ...(env.FILES_S3_ENDPOINT === '' ? {} : { endpoint: env.FILES_S3_ENDPOINT }),
      ...(accessKeyId === '' ? {} : { credentials: { accessKeyId, secretAccessKey } }),
      // Most that are not AWS know no others.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: TRIES,
      requestHandler: {
        connectionTimeout: pace.patience(CONNECT),
        requestTimeout: pace.patience(ANSWER),
        throwOnRequestTimeout: true,
        // A reader may pause for as long as it likes.
        socketTimeout: 0,
        httpAgent: { maxSockets: SOCKETS },
        httpsAgent: { maxSockets: SOCKETS },
      },
    });
    return new S3Connection(s3, client, logger, metrics);
  }

  /** What the request gives, null for what is not there. @throws a 503 for everything else, and whatever aborted it */
  async ask<T>(operation: string, work: Work<T>, signal?: AbortSignal): Promise<T | null> {
    try {
      const answer = await work(this.client, this.s3);
      this.isThere();
      return answer;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (NOT_THERE.has((error as Error).name)) {
        this.isThere();
        return null;
      }
      this.isAway(operation, error);
      throw storageUnavailable();
    }
  }

  /** Milliseconds, by the clock of the storage as far as it has told: it stamps what is ours. */
  now(): number {
    return Date.now() + this.client.config.systemClockOffset;
  }

  close(): void {
    this.client.destroy();
  }

  private isThere(): void {
    this.metrics.storageUp.set(1);
    if (!this.away) return;
    this.logger.info('the storage of files is back', { awayMs: Math.round(performance.now() - this.away.since) });
    this.away = null;
  }

  private isAway(operation: string, error: unknown): void {
    this.metrics.storageFailures.inc({ operation });
    this.metrics.storageUp.set(0);
    if (this.away) return;
    this.away = { since: performance.now() };
    const { name, message } = error as Error;
    this.logger.error('the storage of files is away', { operation, reason: `${name}: ${message}`.slice(0, 300) });
  }
}
