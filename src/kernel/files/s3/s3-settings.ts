import { EnvironmentError } from '../../config/parse-env.js';
import type { FilesEnv } from '../files.env.js';
import { MOST_PARTS, PART_BYTES } from './s3-draft.js';
import type { S3Env } from './s3.env.js';

/** What must not be combined. @throws {EnvironmentError} with one sentence per fault, each naming its key */
export function refuseS3Settings(env: Readonly<S3Env>, files: Readonly<FilesEnv>): void {
  const problems: string[] = [];
  const given = (Object.keys(env) as (keyof S3Env)[]).filter((name) => isGiven(env, name));
  if (env.FILES_S3_BUCKET === '' && given.length > 0) {
    problems.push(`FILES_S3_BUCKET: required with ${given.join(', ')}; or unset ${given.length > 1 ? 'those' : 'it'}`);
  }
  if (env.FILES_S3_ACCESS_KEY_ID !== '' && env.FILES_S3_SECRET_ACCESS_KEY === '') {
    problems.push('FILES_S3_SECRET_ACCESS_KEY: required with FILES_S3_ACCESS_KEY_ID');
  }
  if (env.FILES_S3_ACCESS_KEY_ID === '' && env.FILES_S3_SECRET_ACCESS_KEY !== '') {
    problems.push('FILES_S3_ACCESS_KEY_ID: required with FILES_S3_SECRET_ACCESS_KEY');
  }
  const most = MOST_PARTS * PART_BYTES;
  if (env.FILES_S3_BUCKET !== '' && files.FILES_MAX_BYTES > most) {
    problems.push(`FILES_MAX_BYTES: at most ${most} with FILES_S3_BUCKET: ${MOST_PARTS} parts is what S3 takes`);
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
}

/** Said and not the default; the bucket is what all others are held against. */
function isGiven(env: Readonly<S3Env>, name: keyof S3Env): boolean {
  if (name === 'FILES_S3_BUCKET' || name === 'FILES_S3_REGION') return false;
  return env[name] !== '' && env[name] !== false;
}
