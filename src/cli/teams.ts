import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Command } from 'commander';
import { TeamsModule } from '../kernel/teams/teams.module.js';
import { TeamsService } from '../kernel/teams/teams.service.js';
import type { TeamView } from '../kernel/teams/teams.service.js';
import { withDatabase } from './database.js';

@Module({ imports: [TeamsModule] })
class TeamsCliModule {}

async function withTeams(work: (teams: TeamsService) => Promise<void>): Promise<void> {
  await withDatabase(async () => {
    const context = await NestFactory.createApplicationContext(TeamsCliModule, { logger: false, abortOnError: false });
    try {
      await work(context.get(TeamsService));
    } finally {
      await context.close();
    }
  });
}

function row({ id, name, keys, createdAt }: TeamView): string {
  return [id, name, `${keys} valid ${keys === 1 ? 'key' : 'keys'}`, `since ${createdAt.toISOString()}`].join('  ');
}

/** `signalbox teams create|list`: works beside a running service, and without one. */
export function teamsCommands(program: Command): void {
  const teams = program.command('teams').description('teams, which own jobs and keys');
  teams
    .command('create <name>')
    .description('make a team; its keys come from `keys create --team <name>`')
    .action((name: string) =>
      withTeams(async (service) => {
        const made = await service.create(name, 'cli');
        console.error(
          `team ${made.name} is there; signalbox keys create --team ${made.name} --name … makes its first key`,
        );
        console.log(made.id);
      }),
    );
  teams
    .command('list')
    .description('all teams')
    .action(() => withTeams(async (service) => (await service.list()).forEach((team) => console.log(row(team)))));
}
