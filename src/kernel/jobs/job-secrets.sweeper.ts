import { Injectable } from '@nestjs/common';
import { Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import { AppLogger } from '../observability/app-logger.js';
import { SealingWalk } from '../queue/sealing-walk.js';
import type { Sweeper } from '../queue/sweep.js';
import { Job } from './job.entity.js';
import { JobSecrets } from './job-secrets.js';
import { ProviderRegistry } from './provider-registry.js';

/** While there is a previous master key: seals the secrets of jobs anew under the present one, so that it can be dropped. */
@Injectable()
export class JobSecretsSweeper implements Sweeper {
  readonly name = 'job-secrets';
  private readonly walk: SealingWalk;

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly secrets: JobSecrets,
    private readonly database: Database,
    private readonly logger: AppLogger,
    pace: Pace,
  ) {
    this.walk = new SealingWalk(secrets, pace);
  }

  sweep(): Promise<number> {
    return this.walk.step(
      (after, most) =>
        this.database.source
          .getRepository(Job)
          .createQueryBuilder('job')
          .where('job.kind = any(:kinds) and job.id > :after', { kinds: this.registry.secretKinds(), after })
          .orderBy('job.id')
          .limit(most)
          .getMany(),
      (job) => this.renew(job),
      ({ id }, reason) => this.logger.warn('a secret cannot be sealed anew', { jobId: id, reason }),
    );
  }

  /** Not where the job has changed meanwhile: the next walk comes by. What is seen of it stays the same, and its ETag. */
  private async renew(job: Job): Promise<boolean> {
    const renewed = this.secrets.renewed(job);
    if (!renewed) return false;
    const sql = 'update jobs set input = $2, result = $3 where id = $1 and version = $4';
    return (await this.database.execute(sql, [job.id, jsonb(renewed.input), jsonb(renewed.result), job.version])) > 0;
  }
}
