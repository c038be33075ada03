import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setEnvironment } from '../kernel/config/parse-env.js';
import { TeamsModule } from '../kernel/teams/teams.module.js';
import { withDatabase } from './database.js';

@Module({ imports: [TeamsModule] })
class TeamsCliModule {}

/** Teams and keys without the rest of the service, over a database that is up to date. */
export async function withTeamsModule(work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  // No request is counted here: a command must not wait for a Redis that is away.
  setEnvironment({ REDIS_URL: undefined, REDIS_URL_FILE: undefined });
  await withDatabase(async () => {
    const app = await NestFactory.createApplicationContext(TeamsCliModule, { logger: false, abortOnError: false });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  });
}
