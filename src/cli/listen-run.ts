import { EventFeed } from './event-feed.js';
import { streamPath } from './event-filter.js';
import type { FilterOptions } from './event-filter.js';
import { eventLine } from './event-line.js';
import { Forwarder } from './forwarder.js';
import { interrupted } from './interrupted.js';
import { isSuccess } from './post.js';
import { httpAddress, serviceOf } from './service-address.js';
import type { ServiceOptions } from './service-address.js';
import { signingSecret } from './signing-secret.js';

export interface ListenOptions extends ServiceOptions, FilterOptions {
  forward?: string;
  secret?: string;
}

const tell = (line: string) => console.error(line);

/** Until Ctrl-C. Events go to standard output, everything else to standard error. @throws {Mistake} */
export async function listen(options: ListenOptions): Promise<void> {
  const signal = interrupted();
  const service = serviceOf(options, signal);
  const path = streamPath(options);
  const forwarder = forwarderOf(options, signal);
  tell(`listening to ${service.url} until Ctrl-C`);
  for await (const event of new EventFeed(service, path, tell).events()) {
    const answer = await forwarder?.send(event);
    if (signal.aborted) return;
    const outcome = answer ? `  → ${isSuccess(answer) ? '' : 'not taken: '}${answer.says}` : '';
    console.log(`${eventLine(event)}${outcome}`);
  }
}

function forwarderOf({ forward, secret: given }: ListenOptions, signal: AbortSignal): Forwarder | null {
  if (forward === undefined) return null;
  const to = httpAddress('--forward', forward);
  const { secret, isNew } = signingSecret(given);
  if (isNew) tell(`signing with a new secret, to be given to ${to}: ${secret}`);
  return new Forwarder(to, secret, signal, tell);
}
