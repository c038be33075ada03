import type { Command } from 'commander';
import { labelsFrom } from './labels.js';

/** Which events are meant, as commander hands it over. */
export interface FilterOptions {
  types?: string;
  kind?: string;
  label?: string[];
  since?: string;
}

const collect = (text: string, before: string[] = []): string[] => [...before, text];

export function withKindAndLabel(command: Command): Command {
  return command
    .option('--kind <kinds>', 'only of jobs of these kinds, comma-separated')
    .option('--label <name=value>', 'only of jobs with this label; several must all be there', collect);
}

/** The address of the team’s stream with what is wanted of it. @throws {Mistake} */
export function streamPath({ types, kind, label, since }: FilterOptions): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ types, kinds: kind, since }))
    if (value !== undefined) query.set(name, value);
  for (const [name, value] of Object.entries(labelsFrom(label ?? []))) query.append('label', `${name}:${value}`);
  return query.size === 0 ? '/v1/stream' : `/v1/stream?${query.toString()}`;
}
