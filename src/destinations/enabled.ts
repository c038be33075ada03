import type { EnvClass } from '../kernel/config/parse-env.js';
import { EmailModule } from './email.destination.js';
import { SlackModule } from './slack.destination.js';

/** A Nest module that registers one destination; `env` lists what it is told. */
export type DestinationModule = (new (...collaborators: never[]) => object) & { readonly env: readonly EnvClass[] };

/** The one line that registers a destination. The webhook is the kernel's own. */
export const destinations = [SlackModule, EmailModule] as const satisfies readonly DestinationModule[];
