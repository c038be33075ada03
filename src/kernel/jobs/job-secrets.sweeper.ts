import { Injectable } from '@nestjs/common';
import { CannotOpen } from '../config/aead.js';
import { HOUR, Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import { AppLogger } from '../observability/app-logger.js';
import { SlowWalk } from '../queue/slow-walk.js';
import type { Sweeper } from '../queue/sweep.js';
import { Job } from './job.entity.js';
import { JobSecrets } from './job-secrets.js';
import { ProviderRegistry } from './provider-registry.js';

const BATCH = 200;

/** While there is a previous master key: seals the secrets of jobs anew under the present one, so that it can be dropped. */
@Injectable()
export class JobSecretsSweeper implements Sweeper {
  readonly name = 'job-secrets';
  private readonly walk: SlowWalk;

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly secrets: JobSecrets,
    private readonly database: Database,
    private readonly logger: AppLogger,
    pace: Pace,
  ) {
    this.walk = new SlowWalk(BATCH, pace.ms(HOUR));
  }

  async sweep(): Promise<number> {
    if (!this.secrets.isTurning) return 0;
    const kinds = this.registry.secretKinds();
    return this.walk.step(
      (after, most) =>
        this.database.source
          .getRepository(Job)
          .createQueryBuilder('job')
          .where('job.kind = any(:kinds) and job.id > :after', { kinds, after })
          .orderBy('job.id')
          .limit(most)
          .getMany(),
      (job) => this.renew(job),
    );
  }

  /** Not where the job has changed meanwhile: the next walk comes by. What is seen of it stays the same, and its ETag. */
  private async renew(job: Job): Promise<boolean> {
    try {
      const renewed = this.secrets.renewed(job);
      if (!renewed) return false;
      const sql = 'update jobs set input = $2, result = $3 where id = $1 and version = $4';
      return (await this.database.execute(sql, [job.id, jsonb(renewed.input), jsonb(renewed.result), job.version])) > 0;
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      this.logger.warn('a secret cannot be sealed anew', { jobId: job.id, reason: error.message });
      return false;
    }
  }
}
