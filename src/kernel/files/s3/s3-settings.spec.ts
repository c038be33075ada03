import { EnvironmentError, parseEnv } from '../../config/parse-env.js';
import type { Environment } from '../../config/parse-env.js';
import { FilesEnv } from '../files.env.js';
import { refuseS3Settings } from './s3-settings.js';
import { S3Env } from './s3.env.js';

function refused(env: Environment): string[] {
  try {
    refuseS3Settings(parseEnv(S3Env, env), parseEnv(FilesEnv, env));
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems.map((problem) => problem.split(':')[0] ?? '');
    throw error;
  }
  return [];
}

const bucket = { FILES_S3_BUCKET: 'signalbox-files' };

describe('A bucket for files', () => {
  it.each<[string, Environment]>([
    ['none', {}],
    ['with the keys of the machine', bucket],
    ['beside a folder that an image names', { ...bucket, FILES_DIR: '/var/lib/signalbox' }],
    [
      'of AWS',
      { ...bucket, FILES_S3_ACCESS_KEY_ID: 'a', FILES_S3_SECRET_ACCESS_KEY: 'b', FILES_S3_REGION: 'eu-west-1' },
    ],
    ['of one’s own', { ...bucket, FILES_S3_ENDPOINT: 'http://minio:9000', FILES_S3_PREFIX: 'a/b/' }],
  ])('may be %s', (_, env) => {
    expect(refused(env)).toEqual([]);
  });

  it.each<[string, Environment, string]>([
    ['an address alone', { FILES_S3_ENDPOINT: 'http://minio:9000' }, 'FILES_S3_BUCKET'],
    ['a way alone', { FILES_S3_PATH_STYLE: 'true' }, 'FILES_S3_BUCKET'],
    ['half a key', { ...bucket, FILES_S3_ACCESS_KEY_ID: 'a' }, 'FILES_S3_SECRET_ACCESS_KEY'],
    ['the other half', { ...bucket, FILES_S3_SECRET_ACCESS_KEY: 'a' }, 'FILES_S3_ACCESS_KEY_ID'],
    ['uploads of more parts than S3 takes', { ...bucket, FILES_MAX_BYTES: '60000000000' }, 'FILES_MAX_BYTES'],
    ['an address that is none', { ...bucket, FILES_S3_ENDPOINT: 'minio' }, 'FILES_S3_ENDPOINT'],
    ['a bucket that is none', { FILES_S3_BUCKET: 'a/b' }, 'FILES_S3_BUCKET'],
    ['a prefix that begins at a root', { ...bucket, FILES_S3_PREFIX: '/files' }, 'FILES_S3_PREFIX'],
    ['a region that is none', { ...bucket, FILES_S3_REGION: 'Frankfurt am Main' }, 'FILES_S3_REGION'],
  ])('is not %s, and the start says which key is wrong', (_, env, name) => {
    expect(refused(env)).toEqual([name]);
  });
});
