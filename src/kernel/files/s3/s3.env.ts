import { IsUrl, Matches, ValidateIf } from 'class-validator';
import { Key } from '../../config/parse-env.js';

/** Files in a bucket instead of a folder: everything that speaks S3. */
export class S3Env {
  @Key({ doc: 'Bucket for uploads and results, instead of FILES_DIR; made by you', example: 'signalbox-files' })
  @ValidateIf((env: S3Env) => env.FILES_S3_BUCKET !== '')
  @Matches(/^[\w.-]{3,63}$/, { message: 'is no name of a bucket' })
  FILES_S3_BUCKET: string = '';

  @Key({ doc: 'Address of the S3 API where it is not AWS (MinIO, Ceph, R2)', example: 'https://minio.example.com' })
  @ValidateIf((env: S3Env) => env.FILES_S3_ENDPOINT !== '')
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  FILES_S3_ENDPOINT: string = '';

  @Key({ doc: 'Region of the bucket; most that are not AWS take any' })
  @Matches(/^[a-z0-9-]+$/, { message: 'is no name of a region' })
  FILES_S3_REGION: string = 'us-east-1';

  @Key({ doc: 'Who we are; without it the SDK’s own chain (a role, IRSA, ~/.aws)', example: 'AKIAEXAMPLE' })
  FILES_S3_ACCESS_KEY_ID: string = '';

  @Key({ doc: 'And its secret; both or neither', secret: true })
  FILES_S3_SECRET_ACCESS_KEY: string = '';

  @Key({ doc: 'What the name of every object begins with, in a bucket that others use too', example: 'signalbox/' })
  @ValidateIf((env: S3Env) => env.FILES_S3_PREFIX !== '')
  @Matches(/^[\w.-]+(\/[\w.-]+)*\/?$/, { message: 'must be words with / between them, and none before the first' })
  FILES_S3_PREFIX: string = '';

  @Key({ doc: 'The bucket in the path instead of the host name: MinIO and Ceph mostly need it' })
  FILES_S3_PATH_STYLE: boolean = false;
}
