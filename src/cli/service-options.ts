import type { Command } from 'commander';

/** Where the service is, and who asks. */
export function withService(
  command: Command,
  key = 'an API key; SIGNALBOX_KEY of the environment is safer, since others see your commands',
): Command {
  return command
    .option('--url <url>', 'the service: SIGNALBOX_URL of the environment, else http://127.0.0.1:8000')
    .option('--key <key>', key);
}
