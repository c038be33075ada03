import { Module } from '@nestjs/common';
import { SpeakersModule } from '../domains/speakers/speakers.module.js';
import { parseEnv, setEnvironment } from '../kernel/config/parse-env.js';
import { refuseUnsafe } from '../kernel/config/safety.js';
import { ServiceEnv } from '../kernel/config/service.env.js';
import { JobImport } from '../kernel/jobs/job-import.js';
import { JobsModule } from '../kernel/jobs/jobs.module.js';
import { withModule } from './with-module.js';

@Module({ imports: [JobsModule, SpeakersModule] })
class ImportCliModule {}

/**
 * The import without the rest of the service, over a database that is up to date. Voiceprints are sealed under the master
 * key, so it has to be the service's own: in production none is made up.
 */
export async function withJobImport(work: (jobs: JobImport) => Promise<void>): Promise<void> {
  refuseUnsafe(parseEnv(ServiceEnv));
  // What is told of the import alone stands on standard output.
  setEnvironment({ LOG_LEVEL: 'error' });
  await withModule(ImportCliModule, (app) => work(app.get(JobImport)));
}
