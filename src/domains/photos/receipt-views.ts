import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FileDownload } from '../../kernel/files/file-download.js';
import { fileGone } from '../../kernel/files/files.problems.js';
import { FilesService } from '../../kernel/files/files.service.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';
import { conflict, notFound } from '../../kernel/http/problem.js';
import { JobAnswer } from '../../kernel/jobs/job-answer.js';
import { JobQueries } from '../../kernel/jobs/job-queries.js';
import type { Job } from '../../kernel/jobs/job.entity.js';
import type { JobView } from '../../kernel/jobs/job.view.js';
import { callerOf } from '../../kernel/jobs/request-of.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { overlaySvg } from './overlay-svg.js';
import type { ReceiptResult } from './receipt.result.js';

/** It is our own text with a photo in it; whatever a receipt says is never run. */
const SVG_HEADERS = {
  'Content-Type': 'image/svg+xml; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private, no-cache',
};

/** One receipt as its team sees it: the job, its pictures, and both in one. */
@Injectable()
export class ReceiptViews {
  constructor(
    private readonly answer: JobAnswer,
    private readonly queries: JobQueries,
    private readonly files: FilesService,
    private readonly download: FileDownload,
  ) {}

  /** @throws a 404 for what is not there, not the caller's, or no receipt */
  async get(request: CallerRequest, reply: FastifyReply, id: string): Promise<JobView> {
    const caller = callerOf(request);
    await this.receipt(caller, id);
    return this.answer.show(caller, await this.answer.find(request, reply, id), reply);
  }

  /** @throws a 404, a 409 while nothing is read, a 410 when the picture has expired */
  async image(request: CallerRequest, reply: FastifyReply, id: string, kind: string) {
    const job = await this.receipt(callerOf(request), id);
    return this.download.send(await this.picture(job, kind), request, reply);
  }

  /** @throws as `image` */
  async overlay(caller: Caller, reply: FastifyReply, id: string): Promise<string> {
    const job = await this.receipt(caller, id);
    const stream = await this.files.content(await this.picture(job, 'straightened'));
    const photo = Buffer.concat((await stream.toArray()) as Buffer[]);
    void reply.headers(SVG_HEADERS);
    return overlaySvg(resultOf(job), photo);
  }

  private async picture(job: Job, kind: string): Promise<StoredFile> {
    const id = resultOf(job).pictures[kind];
    if (id === undefined)
      throw conflict('no_such_picture', `${kind} is kept where a receipt was sent with ?debug=true`);
    const file = await this.files.ofTeam(job.teamId, id);
    if (!file) throw fileGone();
    return file;
  }

  private async receipt(caller: Caller, id: string): Promise<Job> {
    const job = await this.queries.get(caller, id).catch(() => null);
    if (job?.kind !== 'receipt') throw notFound('receipt');
    return job;
  }
}

function resultOf({ status, result }: Job): ReceiptResult {
  if (status === 'succeeded' && result) return result as unknown as ReceiptResult;
  throw conflict('not_read', `the job is ${status}; there are pictures once it is succeeded`);
}
