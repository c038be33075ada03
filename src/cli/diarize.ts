import { Option } from 'commander';
import type { Command } from 'commander';
import { FLAGS, FORMATS, optionOf, requestFrom } from './diarize-options.js';
import type { DiarizeOptions } from './diarize-options.js';
import { withService } from './service-options.js';

const collect = (text: string, before: string[] = []): string[] => [...before, text];

/** `signalbox diarize FILE_OR_URL`: a client of the REST API; its result alone on standard output. */
export function diarizeCommand(program: Command): void {
  const command = program
    .command('diarize <audio>')
    .description('who speaks when in a file or an http(s) address, by a running service')
    .option('--wait', 'wait for the result and print it; else the job’s id is printed')
    .addOption(new Option('--format <format>', 'of the result (default: rttm)').choices(FORMATS));
  withService(command)
    .option('--model <model>', 'passed on as it is')
    .option('--num-speakers <n>', 'how many speakers there are exactly')
    .option('--min-speakers <n>', 'how many there are at least')
    .option('--max-speakers <n>', 'how many there are at most');
  for (const [name, what] of Object.entries(FLAGS)) command.option(optionOf(name), what);
  command
    .option('--transcription-model <model>', 'passed on as it is')
    .option('--label <name=value>', 'your own name for the job; as often as you like', collect)
    .option('--no-webhook', 'give the vendor no address to call: the job is settled by asking')
    .action(async (audio: string, options: DiarizeOptions) => {
      // Read before anything is sent.
      const request = requestFrom(options);
      const { diarize } = await import('./diarize-run.js');
      await diarize(audio, request, options);
    });
}
