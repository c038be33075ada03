import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setEnvironment } from '../kernel/config/parse-env.js';
import { withDatabase } from './database.js';

/** One module without the rest of the service, over a database that is up to date. */
export async function withModule(module: Type, work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  // No bell is rung and no request counted here: a command must not wait for a Redis that is away.
  setEnvironment({ REDIS_URL: undefined, REDIS_URL_FILE: undefined });
  await withDatabase(async () => {
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  });
}
