import { EnvironmentError } from './kernel/config/parse-env.js';
import type { Role, ServiceEnv } from './kernel/config/service.env.js';
import type { FilesEnv } from './kernel/files/files.env.js';
import type { S3Env } from './kernel/files/s3/s3.env.js';
import type { RedisEnv } from './kernel/queue/redis.env.js';

/** Takes requests and notices. */
export const answers = (role: Role): boolean => role !== 'worker';

/** Works on jobs and notices, and sweeps. */
export const works = (role: Role): boolean => role !== 'api';

/** What a role is held against. */
export interface RoleSettings {
  service: Readonly<ServiceEnv>;
  redis: Readonly<RedisEnv>;
  files: Readonly<FilesEnv>;
  s3: Readonly<S3Env>;
}

/** @throws {EnvironmentError} with one sentence per setting that a process of this role cannot live with */
export function refuseRole({ service: env, redis, files, s3 }: RoleSettings): void {
  const problems: string[] = [];
  if (env.ROLE !== 'all' && redis.REDIS_URL === '') {
    problems.push(`REDIS_URL: required with ROLE=${env.ROLE}; without it bells ring only inside the one process`);
  }
  if (env.ROLE !== 'all' && files.FILES_DIR === '' && s3.FILES_S3_BUCKET === '') {
    const shared = 'a folder that all processes of the service share; or FILES_S3_BUCKET';
    problems.push(`FILES_DIR: required with ROLE=${env.ROLE}; ${shared}`);
  }
  if (env.MANAGEMENT_PORT !== 0 && env.MANAGEMENT_PORT === env.PORT) {
    problems.push('MANAGEMENT_PORT: must not be PORT; leave it out to serve health and metrics there');
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
}
