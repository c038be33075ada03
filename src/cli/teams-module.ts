import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { TeamsModule } from '../kernel/teams/teams.module.js';
import { withModule } from './with-module.js';

@Module({ imports: [TeamsModule] })
class TeamsCliModule {}

/** Teams and keys without the rest of the service, over a database that is up to date. */
export async function withTeamsModule(work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  await withModule(TeamsCliModule, work);
}
