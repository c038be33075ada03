import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Caller } from '../../teams/caller.js';
import { JobSecrets } from '../job-secrets.js';
import type { JobError } from '../job.entity.js';
import { Job } from '../job.entity.js';
import { isSettled } from '../job-status.js';
import type { JobStatus } from '../job-status.js';
import { jobListView } from '../job.view.js';
import { KeptResults } from '../results/kept-results.js';
import type { Batch } from './batch.entity.js';
import { TAR_END, tarEntry } from './tar.js';

interface Listed {
  /** Place in the request, from 0. */
  item: number;
  job: string;
  status: JobStatus;
  file: string;
  error?: JobError;
}

/** What is in the archive, as it was when each file was written. */
interface Manifest {
  batch: string;
  kind: string;
  total: number;
  counts: Partial<Record<JobStatus, number>>;
  /** Settled without a result: failed, canceled, expired. */
  failures: Listed[];
  /** Not settled yet: fetch the archive again once the batch is finished. */
  open: Listed[];
}

/** All results of a batch as one `.tar.gz`: a JSON file per job, then `manifest.json`. One job is in memory at a time. */
@Injectable()
export class BatchArchive {
  constructor(
    private readonly database: Database,
    private readonly secrets: JobSecrets,
    private readonly kept: KeptResults,
  ) {}

  /** A database that goes away cuts the stream: never an archive that looks whole and has holes. */
  stream(batch: Batch, caller: Pick<Caller, 'teamId'>): Readable {
    const gzip = createGzip();
    // Whoever reads the stream is told of its errors by the stream itself.
    pipeline(Readable.from(this.blocks(batch, batch.teamId === caller.teamId)), gzip, () => undefined);
    return gzip;
  }

  private async *blocks(batch: Batch, isOwn: boolean): AsyncGenerator<Buffer> {
    const { id, kind, total } = batch;
    const manifest: Manifest = { batch: id, kind, total, counts: {}, failures: [], open: [] };
    const rows = await this.database.query<{ id: string }>('select id from jobs where batch_id = $1 order by id', [id]);
    for (const [item, row] of rows.entries()) {
      const job = await this.database.source.getRepository(Job).findOneByOrFail({ id: row.id });
      const file = `${String(item).padStart(4, '0')}_${job.id}.json`;
      note(manifest, job, item, file);
      const hidden = this.secrets.hidden(job);
      // Results are what it is for; what is secret in the inputs (prints, once per job) is left out as from lists.
      const { result } = isOwn ? this.secrets.opened(job) : hidden;
      const at = job.settledAt ?? job.updatedAt;
      yield* entry(`${id}/${file}`, { item, ...jobListView(hidden), result }, at);
      if (job.resultFile !== null) {
        const name = `${id}/${file.replace(/json$/, 'result.json')}`;
        yield* tarEntry(name, Number(job.resultSize), await this.kept.open(job), at);
      }
    }
    yield* entry(`${id}/manifest.json`, manifest, new Date());
    yield TAR_END;
  }
}

function note(manifest: Manifest, job: Job, item: number, file: string): void {
  const { id, status, error } = job;
  manifest.counts[status] = (manifest.counts[status] ?? 0) + 1;
  if (status === 'succeeded') return;
  const list = isSettled(status) ? manifest.failures : manifest.open;
  list.push({ item, job: id, status, file, ...(error ? { error } : {}) });
}

function entry(name: string, content: object, modified: Date): AsyncGenerator<Buffer> {
  const text = Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
  return tarEntry(name, text.length, [text], modified);
}
