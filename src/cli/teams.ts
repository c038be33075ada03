import type { Command } from 'commander';
import { LIMIT_NAMES } from '../kernel/teams/limits.js';
import type { Limits } from '../kernel/teams/limits.js';
import type { TeamDetailView } from '../kernel/teams/team.view.js';
import type { ListedTeam, TeamsService } from '../kernel/teams/teams.service.js';
import { parseLimits } from './limit-options.js';
import type { LimitOptions } from './limit-options.js';

async function withTeams(work: (teams: TeamsService) => Promise<void>): Promise<void> {
  const { withTeamsModule } = await import('./teams-module.js');
  const { TeamsService } = await import('../kernel/teams/teams.service.js');
  await withTeamsModule((app) => work(app.get(TeamsService)));
}

function row({ id, name, keys, createdAt }: ListedTeam): string {
  return [id, name, `${keys} valid ${keys === 1 ? 'key' : 'keys'}`, `since ${createdAt.toISOString()}`].join('  ');
}

/** For people: `openJobs  12 of 500`. */
function usage({ limits, used }: TeamDetailView): string[] {
  return LIMIT_NAMES.map((name) => `${name.padEnd(13)}  ${used[name]} of ${limits[name] ?? 'any number'}`);
}

async function limit(name: string, wish: Partial<Limits>): Promise<void> {
  const { withTeamsModule } = await import('./teams-module.js');
  const { LimitSettings } = await import('../kernel/teams/limit-settings.js');
  const { TeamQueries } = await import('../kernel/teams/team-queries.js');
  await withTeamsModule(async (app) => {
    const id = await app.get(TeamQueries).idOf(name);
    usage(await app.get(LimitSettings).change(id, wish, 'cli')).forEach((line) => console.log(line));
  });
}

/** `signalbox teams create|list|limits`: works beside a running service, and without one. */
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
  teams
    .command('limits <name>')
    .description('what a team may have and spend, and what it uses of that now; with options, sets it')
    .option('--open-jobs <number|none>', 'jobs that are not settled, at one time')
    .option('--jobs-per-day <number|none>', 'jobs submitted on a UTC day')
    .option('--upload-bytes <number|none>', 'bytes of all uploads kept at one time')
    .option('--monthly-budget <USD|none>', 'US dollars in a UTC month, for kinds that have a price')
    .action((name: string, options: LimitOptions) => limit(name, parseLimits(options)));
}
