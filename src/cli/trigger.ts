import type { Command } from 'commander';
import { withService } from './service-options.js';
import type { TriggerOptions } from './trigger-run.js';

/** `signalbox trigger`: a signed sample of what Signalbox sends, or of what a vendor sends to it. */
export function triggerCommand(program: Command): void {
  const command = program
    .command('trigger [type]')
    .description('send or print a signed sample of an event, or send a vendor’s notice; without a type, list them')
    .option('--to <url>', 'POST it there; any address. An event is else printed, a notice else sent to the service')
    .option('--secret <secret>', 'to sign with; of an event SIGNALBOX_SECRET, else one is made and shown')
    .option('--status <status>', 'of a vendor’s notice (default: succeeded)')
    .option('--job <id>', 'of a vendor’s notice: the vendor’s own id of the job (default: of no job)');
  const key = 'an API key, for the service’s list of event types; SIGNALBOX_KEY of the environment is safer';
  withService(command, key).action(async (type: string | undefined, options: TriggerOptions) => {
    const { trigger } = await import('./trigger-run.js');
    await trigger(type, options);
  });
}
