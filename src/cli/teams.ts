import type { Command } from 'commander';
import type { ListedTeam, TeamsService } from '../kernel/teams/teams.service.js';

async function withTeams(work: (teams: TeamsService) => Promise<void>): Promise<void> {
  const { withTeamsModule } = await import('./teams-module.js');
  const { TeamsService } = await import('../kernel/teams/teams.service.js');
  await withTeamsModule((app) => work(app.get(TeamsService)));
}

function row({ id, name, keys, createdAt }: ListedTeam): string {
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
