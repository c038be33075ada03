import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { JobSecrets } from './job-secrets.js';
import { Job } from './job.entity.js';
import { jobListView } from './job.view.js';
import type { JobView } from './job.view.js';

/** Bytes of JSON that is told of a job at most; what is around it has room in the rest of 20 KB. */
export const MAX_ANNOUNCED = 19_000;
const MAX_MESSAGE = 1_000;

/** A job as it is told: `omitted` names what was too large, all of which is at `links.self`. */
export type AnnouncedJobView = JobView & { omitted?: string[] };

/** What stands in the place of something too large, first things first. */
const SMALLER: readonly [keyof JobView, (view: JobView) => unknown][] = [
  ['result', () => null],
  ['input', () => ({})],
  ['facts', () => ({})],
  ['labels', () => ({})],
  ['error', ({ error }) => error && { ...error, message: error.message.slice(0, MAX_MESSAGE) }],
];

/** Jobs as their teams are told of them: without secrets, a large result by link. */
@Injectable()
export class AnnouncedJob {
  constructor(private readonly secrets: JobSecrets) {}

  /** The job as it stands in this transaction. */
  async data(tx: Transaction, jobId: string, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const job = this.secrets.hidden(await tx.manager.findOneByOrFail(Job, { id: jobId }));
    return { job: fitted({ ...jobListView(job), result: job.result }), ...more };
  }
}

export function fitted(view: JobView): AnnouncedJobView {
  let told: AnnouncedJobView = view;
  for (const [part, smaller] of SMALLER) {
    if (Buffer.byteLength(JSON.stringify(told)) <= MAX_ANNOUNCED) return told;
    if (view[part] != null) told = { ...told, [part]: smaller(view), omitted: [...(told.omitted ?? []), part] };
  }
  return told;
}
