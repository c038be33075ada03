import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { withDatabase } from './database.js';

/** One module without the rest of the service, over a database that is up to date. */
export async function withModule(module: Type, work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  await withDatabase(async () => {
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  });
}
