import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { HOUR, Pace } from '../../config/pace.js';
import type { Transaction } from '../../database/database.js';
import { jsonSafe } from '../../database/json-safe.js';
import { FilesService } from '../../files/files.service.js';
import { Problem } from '../../http/problem.js';
import type { Change, KeptChange, ResultFile } from '../change.js';
import { isFinal } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { ProviderRegistry } from '../provider-registry.js';

/** A result whose JSON text has more bytes than this lies in `files/` and not in the row. */
export const MOST_IN_ROW = 1_024 * 1_024;
/** A new file whose job is not settled by it within this time goes by itself: its process died, or another was first. */
const UNCLAIMED = HOUR;

/** Large results: each a file, JSON in gzip, that lives as long as its job's row points to it. */
@Injectable()
export class KeptResults {
  constructor(
    private readonly files: FilesService,
    private readonly registry: ProviderRegistry,
    private readonly pace: Pace,
  ) {}

  /**
   * Before the transaction that settles the job: a large result goes to disk, and the change names its file. The file expires
   * soon unless `claim` follows, so that a crash in between leaves nothing behind. @throws what the stream throws, or a 507
   */
  async aside(job: Pick<Job, 'id' | 'teamId' | 'kind' | 'status'>, change: Change): Promise<KeptChange>;
  async aside(job: Pick<Job, 'id' | 'teamId' | 'kind' | 'status'>, change: Change | null): Promise<KeptChange | null>;
  async aside(job: Pick<Job, 'id' | 'teamId' | 'kind' | 'status'>, change: Change | null): Promise<KeptChange | null> {
    if (!change) return null;
    const { resultStream, result, ...rest } = change;
    const hasSecrets = this.registry.secretsOf(job.kind, 'result').length > 0;
    if (resultStream && hasSecrets)
      throw new Error(`a result of kind ${job.kind} has secrets, and files are not sealed`);
    if (resultStream) {
      // What is final has its result, and this one would only lie about until it expires.
      return isFinal(job.status) ? rest : { ...rest, resultFile: await this.keep(job, resultStream) };
    }
    if (!result) return rest;
    const text = Buffer.from(JSON.stringify(jsonSafe(result)));
    if (text.length <= MOST_IN_ROW || hasSecrets || isFinal(job.status)) return { ...rest, result };
    return { ...rest, resultFile: await this.keep(job, [text]) };
  }

  /** In the transaction that settles the job: from here on the file stays. @throws when it is gone: try again */
  async claim(tx: Transaction, { id }: ResultFile): Promise<void> {
    if (!(await this.files.keepForGood(tx, id))) throw new Error('the file of the result expired before it was needed');
  }

  /** The JSON text of a kept result, or with `packed` its gzip. @throws a 410 when it was deleted or lost */
  async open(job: Job, packed = false): Promise<Readable> {
    const file = job.resultFile === null ? null : await this.files.ofTeam(job.teamId, job.resultFile);
    const bytes = file && (await this.files.read(file));
    if (!bytes)
      throw new Problem(410, 'result_gone', 'the file of this result was deleted, or is no longer on our disk');
    return packed ? bytes : pipeline(bytes, createGunzip(), ignore);
  }

  private async keep(
    { id, teamId }: Pick<Job, 'id' | 'teamId'>,
    text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<ResultFile> {
    let size = 0;
    async function* counted() {
      for await (const piece of text) {
        size += piece.length;
        yield piece;
      }
    }
    const file = await this.files.keepResult({
      teamId,
      name: `${id}.json.gz`,
      mediaType: 'application/gzip',
      bytes: pipeline(counted(), createGzip(), ignore),
      livesMs: this.pace.patience(UNCLAIMED),
    });
    return { id: file.id, size };
  }
}

/** Whoever reads the last stream of a pipeline hears of every fault in it. */
const ignore = () => undefined;
