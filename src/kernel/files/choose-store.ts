import type { Provider } from '@nestjs/common';
import { Pace } from '../config/pace.js';
import { ServiceEnv } from '../config/service.env.js';
import { Dependencies } from '../health/dependencies.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { DiskStore } from './disk-store.js';
import { FileStore } from './file-store.js';
import { FilesEnv } from './files.env.js';
import { S3Connection } from './s3/s3-client.js';
import { refuseS3Settings } from './s3/s3-settings.js';
import { S3Store } from './s3/s3-store.js';
import { S3Env } from './s3/s3.env.js';

/** A bucket where one is named, else a folder. @throws {EnvironmentError} */
export const fileStore: Provider = {
  provide: FileStore,
  useFactory: async (
    env: FilesEnv,
    s3: S3Env,
    service: ServiceEnv,
    pace: Pace,
    logger: AppLogger,
    metrics: KernelMetrics,
    dependencies: Dependencies,
  ): Promise<FileStore> => {
    refuseS3Settings(s3, env);
    if (s3.FILES_S3_BUCKET === '') {
      metrics.storageUp.remove();
      return new DiskStore(env, service);
    }
    const store = new S3Store(s3, await S3Connection.to(s3, pace, logger, metrics), pace);
    dependencies.add('storage', () => store.answers());
    return store;
  },
  inject: [FilesEnv, S3Env, ServiceEnv, Pace, AppLogger, KernelMetrics, Dependencies],
};
