import { ServiceEnv } from './kernel/config/service.env.js';
import { FilesEnv } from './kernel/files/files.env.js';
import { S3Env } from './kernel/files/s3/s3.env.js';
import { RedisEnv } from './kernel/queue/redis.env.js';
import { answers, refuseRole, works } from './roles.js';

function settings(service: Partial<ServiceEnv>, redis = '', files = '', bucket = '') {
  return {
    service: Object.assign(new ServiceEnv(), service),
    redis: Object.assign(new RedisEnv(), { REDIS_URL: redis }),
    files: Object.assign(new FilesEnv(), { FILES_DIR: files }),
    s3: Object.assign(new S3Env(), { FILES_S3_BUCKET: bucket }),
  };
}

describe('the roles', () => {
  it.each([
    ['all', true, true],
    ['api', true, false],
    ['worker', false, true],
  ] as const)('%s: answers %p, works %p', (role, answering, working) => {
    expect([answers(role), works(role)]).toEqual([answering, working]);
  });

  it('need nothing as long as one process does all', () => {
    expect(() => refuseRole(settings({ ROLE: 'all' }))).not.toThrow();
  });

  it.each(['api', 'worker'] as const)(
    'need Redis, and a shared folder or a bucket, for %s, and all that is missing is told',
    (ROLE) => {
      expect(() => refuseRole(settings({ ROLE }))).toThrow(/REDIS_URL: .*\n.*FILES_DIR: /);
      expect(() => refuseRole(settings({ ROLE }, 'redis://r'))).toThrow(/FILES_DIR/);
      expect(() => refuseRole(settings({ ROLE }, 'redis://r', '/srv/files'))).not.toThrow();
      expect(() => refuseRole(settings({ ROLE }, 'redis://r', '', 'files'))).not.toThrow();
    },
  );

  it('need two ports for two doors', () => {
    expect(() => refuseRole(settings({ PORT: 8000, MANAGEMENT_PORT: 8000 }))).toThrow(
      /MANAGEMENT_PORT: must not be PORT/,
    );
    expect(() => refuseRole(settings({ PORT: 8000, MANAGEMENT_PORT: 9000 }))).not.toThrow();
  });
});
