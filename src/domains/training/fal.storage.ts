import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { KernelMetrics } from '../../kernel/observability/kernel-metrics.js';
import { NotNow } from '../../kernel/jobs/provider-errors.js';
import { VendorRequests, isOk } from '../../kernel/jobs/vendor-requests.js';
import { FalEnv } from './fal.env.js';
import { FalPut } from './fal.put.js';
import type { StorageAnswer } from './fal.put.js';
import { partFrom, placeFrom, sortedBreak, sortedInitiate, sortedPut } from './fal.storage-answers.js';
import type { Place } from './fal.storage-answers.js';
import { chunksOf } from './chunks.js';

const MIB = 1_024 * 1_024;
/** As the vendor's own client does it. */
const MOST_AT_ONCE = 90 * MIB;
const PART = 10 * MIB;
const TRIES = 3;
/** Files there are open to whoever has their address: a training is long over by then. */
const LIFE = JSON.stringify({ expiration_duration_seconds: 7 * 24 * 3_600 });

export interface Upload {
  name: string;
  mediaType: string;
  /** Bytes; without it they are sent in parts. */
  size?: number;
}

/**
 * The file storage of fal.ai. By plain requests: the vendor's client wants a Blob, which a stream is not, and has its host
 * and its retries fixed in code.
 */
@Injectable()
export class FalStorage {
  private readonly requests: VendorRequests;

  constructor(
    private readonly env: FalEnv,
    private readonly put: FalPut,
    metrics: KernelMetrics,
    logger: AppLogger,
  ) {
    this.requests = new VendorRequests('fal', metrics, logger);
  }

  /** The address under which the vendor finds the bytes. @throws NotNow, Refused or Unavailable: nothing has cost anything */
  async upload(bytes: Readable, upload: Upload): Promise<string> {
    const { size } = upload;
    const start = performance.now();
    try {
      const url = await (size === undefined || size > MOST_AT_ONCE
        ? this.inParts(bytes, upload)
        : this.atOnce(bytes, { ...upload, size }));
      this.requests.tell('upload', start, { outcome: 'ok', size });
      return url;
    } catch (error) {
      const sorted = sortedBreak(error);
      const outcome = sorted instanceof NotNow ? 'not_now' : 'refused';
      this.requests.tell('upload', start, { outcome, size, reason: sorted.message });
      throw sorted;
    } finally {
      bytes.destroy();
    }
  }

  private async atOnce(body: Readable, upload: Upload & { size: number }): Promise<string> {
    const { uploadUrl, fileUrl } = await this.initiate('initiate', upload);
    const answer = await this.send('PUT', uploadUrl, upload.mediaType, body, upload.size);
    if (!isOk(answer)) throw sortedPut(answer);
    return fileUrl;
  }

  private async inParts(bytes: Readable, upload: Upload): Promise<string> {
    const { uploadUrl, fileUrl } = await this.initiate('initiate-multipart', upload);
    const parts: { partNumber: number; etag: string }[] = [];
    for await (const chunk of chunksOf(bytes, PART)) {
      const partNumber = parts.length + 1;
      const answer = await this.part(below(uploadUrl, String(partNumber)), chunk);
      const part = partFrom(answer.json, partNumber);
      if (!part) throw new NotNow(undefined, `the storage of fal.ai gives no etag for part ${partNumber}`);
      parts.push(part);
    }
    const body = Buffer.from(JSON.stringify({ parts }));
    const answer = await this.send('POST', below(uploadUrl, 'complete'), 'application/json', body, body.length);
    if (!isOk(answer)) throw sortedPut(answer);
    return fileUrl;
  }

  /** Free and repeatable: one lost part of two hundred is no reason to begin anew. */
  private async part(url: string, chunk: Buffer): Promise<StorageAnswer> {
    for (let left = TRIES; ; left--) {
      const sent = this.send('PUT', url, 'application/octet-stream', chunk, chunk.length);
      const answer = await sent.catch((error: unknown) => sortedBreak(error));
      if (!(answer instanceof Error) && isOk(answer)) return answer;
      const error = answer instanceof Error ? answer : sortedPut(answer);
      if (left <= 1 || !(error instanceof NotNow)) throw error;
    }
  }

  /** The only request that has the key: it goes to the address that was configured and to no other. */
  private async initiate(how: 'initiate' | 'initiate-multipart', { name, mediaType }: Upload): Promise<Place> {
    const base = this.env.FAL_REST_BASE_URL.replace(/\/+$/, '');
    const body = Buffer.from(JSON.stringify({ content_type: mediaType, file_name: name }));
    const answer = await this.put.send({
      method: 'POST',
      url: `${base}/storage/upload/${how}?storage_type=fal-cdn-v3`,
      headers: {
        accept: 'application/json',
        authorization: `Key ${this.env.FAL_KEY}`,
        'content-type': 'application/json',
        'x-fal-object-lifecycle': LIFE,
      },
      body,
      size: body.length,
    });
    if (!isOk(answer)) throw sortedInitiate(answer);
    const place = placeFrom(answer.json, base);
    if (!place) throw new NotNow(undefined, `fal.ai answers ${answer.status} without an address to upload to`);
    return place;
  }

  private send(method: 'POST' | 'PUT', url: string, mediaType: string, body: Readable | Buffer, size: number) {
    const named = new URL(url).host !== new URL(this.env.FAL_REST_BASE_URL).host;
    return this.put.send({ method, url, headers: { 'content-type': mediaType }, body, size, named });
  }
}

/** One step further down the path of an address, its query kept. */
function below(address: string, step: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}/${step}${url.search}`;
}
