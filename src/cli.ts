import 'reflect-metadata';
import { Command } from 'commander';
import { migrateCommand } from './cli/migrate.js';
import { demoCommand } from './cli/demo.js';
import { diarizeCommand } from './cli/diarize.js';
import { importCommand } from './cli/import.js';
import { jobsCommands } from './cli/jobs.js';
import { keysCommands } from './cli/keys.js';
import { listenCommand } from './cli/listen.js';
import { masterKeyCommands } from './cli/master-key.js';
import { replayCommand } from './cli/replay.js';
import { sandboxCommand } from './cli/sandbox.js';
import { serveCommand } from './cli/serve.js';
import { teamsCommands } from './cli/teams.js';
import { triggerCommand } from './cli/trigger.js';
import { version } from './version.js';

async function main(): Promise<void> {
  const program = new Command('signalbox')
    .description('One REST API over vendors that answer hours later by webhook')
    .version(version)
    .showHelpAfterError();
  serveCommand(program);
  migrateCommand(program);
  demoCommand(program);
  sandboxCommand(program);
  teamsCommands(program);
  keysCommands(program);
  masterKeyCommands(program);
  diarizeCommand(program);
  jobsCommands(program);
  listenCommand(program);
  triggerCommand(program);
  importCommand(program);
  replayCommand(program);
  await program.parseAsync();
}

main().catch(async (error: unknown) => {
  const { explain } = await import('./cli/explain.js');
  console.error(explain(error));
  process.exitCode = 1;
});
