import type { Command } from 'commander';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema up to date and end; safe to run from several places at once')
    .action(async () => {
      const { migrateNow } = await import('./database.js');
      for (const name of await migrateNow()) console.log(name);
      console.log('the schema is up to date');
    });
}
