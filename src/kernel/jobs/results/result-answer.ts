import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isKnownTo } from '../../files/byte-range.js';
import { attachment } from '../../files/file-name.js';
import { Transfers } from '../../files/transfers.js';
import { conflict } from '../../http/problem.js';
import type { CallerRequest } from '../../teams/caller.js';
import { JobAnswer } from '../job-answer.js';
import { isSettled } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { etagOf } from '../job.view.js';
import { ProviderRegistry } from '../provider-registry.js';
import { JobResults } from './job-results.js';
import { chosen, offersOf } from './negotiation.js';
import type { Offer } from './negotiation.js';
import { resultName } from './result-name.js';

/** How the result of a job goes out: in the form that was asked for, always as a download. */
@Injectable()
export class ResultAnswer {
  constructor(
    private readonly answer: JobAnswer,
    private readonly registry: ProviderRegistry,
    private readonly results: JobResults,
    private readonly transfers: Transfers,
  ) {}

  /** 200 or 304. @throws 400 and 406 for a form that is not offered, 409 while there is no result, 410 when it is gone */
  async send(request: CallerRequest, reply: FastifyReply, id: string, format?: string) {
    const job = await this.answer.findOpened(request, reply, id);
    void reply.header('Vary', 'Accept, Accept-Encoding');
    const offer = chosen(this.offers(job), format, request.headers.accept);
    refuseWithoutResult(job);
    const packed = job.resultFile !== null && offer.format === null && takesGzip(request.headers['accept-encoding']);
    const etag = `${etagOf(job).slice(0, -1)}-${offer.name}${packed ? '-gzip' : ''}"`;
    void reply.headers({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (isKnownTo(request.headers['if-none-match'], etag)) {
      void reply.status(304);
      return undefined;
    }
    const body = await this.body(job, offer, packed);
    void reply.headers({
      ...SAFE,
      'Content-Type': offer.mediaType,
      'Content-Disposition': attachment(resultName(job, offer.extension)),
      ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
    });
    return typeof body === 'string' ? body : this.transfers.send(body, request);
  }

  private offers(job: Job): Offer[] {
    const known = this.registry.kindNames().includes(job.kind);
    return offersOf((known ? this.registry.ofKind(job.kind).spec.formats : undefined) ?? {});
  }

  private async body(job: Job, { format }: Offer, packed: boolean): Promise<string | Readable> {
    if (!format) return this.results.text(job, packed);
    return format.render(await this.results.fields(job, format.fields), { jobId: job.id });
  }
}

/** Text made of what speakers are called and say is never run by a browser; a picture may have its colours. */
const SAFE = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};

function refuseWithoutResult({ status, error }: Job): void {
  if (status === 'succeeded') return;
  if (!isSettled(status)) {
    throw conflict('not_settled', `the job is ${status}; ask again later, or wait for it with Prefer: wait=60`);
  }
  const why = error ? ` (${error.code}: ${error.message})` : '';
  throw conflict('no_result', `the job is ${status}${why} and has no result`);
}

/** RFC 9110, 12.5.3: named, or covered by `*`, and not at a weight of nought. */
function takesGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.replaceAll(/\s/g, ''));
  const own =
    codings.find((coding) => /^(x-)?gzip(;|$)/.test(coding)) ?? codings.find((coding) => /^\*(;|$)/.test(coding));
  return own !== undefined && !/;q=0(\.0*)?$/.test(own);
}
