import type { Command } from 'commander';
import type { KeyView } from '../kernel/teams/key.view.js';
import type { KeysService } from '../kernel/teams/keys.service.js';
import { DEFAULT_SCOPES, SCOPES, isScope } from '../kernel/teams/scopes.js';
import { Mistake } from './mistake.js';
import { parseOverlap } from './overlap.js';

const DAY = 24 * 60 * 60 * 1_000;

interface CreateOptions {
  name: string;
  team: string;
  scopes: string;
  expires?: string;
}

/** What needs a database is loaded when there is something to do: help and mistakes answer at once. */
async function withKeys(work: (keys: KeysService) => Promise<void>): Promise<void> {
  const { withTeamsModule } = await import('./teams-module.js');
  const { KeysService } = await import('../kernel/teams/keys.service.js');
  await withTeamsModule((app) => work(app.get(KeysService)));
}

/** Shown in lists and logs: one line of characters that can be seen. */
function parseName(text: string): string {
  const name = text.trim();
  if (!/^[^\p{C}]{1,100}$/u.test(name)) throw new Mistake('--name: must be 1 to 100 visible characters');
  return name;
}

function parseScopes(text: string) {
  const words = text.split(',').map((word) => word.trim());
  const scopes = words.filter(isScope);
  const wrong = words.find((word) => !isScope(word));
  if (wrong !== undefined) throw new Mistake(`--scopes: "${wrong}" is none of ${SCOPES.join(', ')}`);
  return scopes;
}

function parseExpiry(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const days = /^(\d+)d$/.exec(text);
  const date = days ? new Date(Date.now() + Number(days[1]) * DAY) : new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new Mistake(`--expires: "${text}" is neither days such as 90d nor a date such as 2027-01-31`);
  if (date.getTime() <= Date.now()) throw new Mistake(`--expires: ${date.toISOString()} is over already`);
  return date;
}

function row(key: KeyView): string {
  const state = key.revokedAt ? 'revoked' : key.expiresAt && key.expiresAt.getTime() < Date.now() ? 'expired' : 'valid';
  const used = key.lastUsedAt ? key.lastUsedAt.toISOString() : 'never';
  return [key.id, key.prefix, state.padEnd(7), key.team, key.name, key.scopes.join(','), `used ${used}`].join('  ');
}

/** The successor alone on standard output, as with `create`. */
async function rotate(which: string, wish: { overlap: number; expiresAt?: Date }): Promise<void> {
  const { withTeamsModule } = await import('./teams-module.js');
  const { KeysService } = await import('../kernel/teams/keys.service.js');
  const { KeyActs } = await import('../kernel/teams/key-acts.js');
  await withTeamsModule(async (app) => {
    const id = await app.get(KeysService).idOf(which);
    if (id === null) throw new Mistake(`no key has the id or prefix ${which}`);
    const made = await app.get(KeyActs).rotate(id, wish, { actor: 'cli', mayEndLastAdmin: true });
    const old = await app.get(KeysService).get(id);
    console.error(`key ${made.id} takes the place of ${id}, which is good until ${old.expiresAt?.toISOString()};`);
    console.error(`it is of team ${made.team}, scopes ${made.scopes.join(',')}; it is not shown again:`);
    console.log(made.key);
  });
}

/** `signalbox keys create|list|rotate|revoke`: works beside a running service, and without one. */
export function keysCommands(program: Command): void {
  const keys = program.command('keys').description('API keys that teams call with');
  keys
    .command('create')
    .description('make a key; it is printed this once')
    .requiredOption('--name <name>', 'whose it is, for people')
    .option('--team <team>', 'the team that owns its jobs', 'default')
    .option('--scopes <list>', `comma-separated: ${SCOPES.join(', ')}`, DEFAULT_SCOPES.join(','))
    .option('--expires <when>', 'days such as 90d, or a date')
    .action((options: CreateOptions) => {
      // Read before a database is looked for, or even started.
      const wanted = {
        name: parseName(options.name),
        team: options.team,
        scopes: parseScopes(options.scopes),
        expiresAt: parseExpiry(options.expires),
        actor: 'cli',
      };
      return withKeys(async (service) => {
        const made = await service.create(wanted);
        // The key alone on standard output, so that KEY=$(signalbox keys create …) works.
        console.error(
          `key ${made.view.id} of team ${made.view.team}, scopes ${made.view.scopes.join(',')}; it is not shown again:`,
        );
        console.log(made.key);
      });
    });
  keys
    .command('list')
    .description('all keys, without the keys themselves')
    .action(() => withKeys(async (service) => (await service.list()).forEach((key) => console.log(row(key)))));
  keys
    .command('rotate <id>')
    .description('put a new key in the place of one, by its id or its first ten characters; both are good for a while')
    .option(
      '--overlap <time>',
      'how long the old one is good beside the new one, such as 24h or 7d; 0 ends it at once',
      '24h',
    )
    .option('--expires <when>', 'of the new key: days such as 90d, or a date; else when the old one was to end')
    .action((id: string, options: { overlap: string; expires?: string }) => {
      const expiresAt = parseExpiry(options.expires);
      return rotate(id, { overlap: parseOverlap(options.overlap), ...(expiresAt ? { expiresAt } : {}) });
    });
  keys
    .command('revoke <id>')
    .description('end a key at once, by its id or its first ten characters')
    .action((id: string) =>
      withKeys(async (service) => {
        if (!(await service.revoke(id, 'cli'))) throw new Mistake(`no valid key has the id or prefix ${id}`);
        console.error(`revoked ${id}`);
      }),
    );
}
