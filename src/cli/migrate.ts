import type { Command } from 'commander';
import { parseEnv } from '../kernel/config/parse-env.js';
import { migrate } from '../kernel/database/data-source.js';
import { DatabaseEnv } from '../kernel/database/database.env.js';
import { withDatabase } from './database.js';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema up to date and end; safe to run from several places at once')
    .action(async () => {
      const env = parseEnv(DatabaseEnv);
      if (env.DATABASE_URL === '') await withDatabase(() => Promise.resolve());
      else for (const name of await migrate(env.DATABASE_DIRECT_URL || env.DATABASE_URL)) console.log(name);
      console.log('the schema is up to date');
    });
}
