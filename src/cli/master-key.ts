import type { Command } from 'commander';
import { MasterKeyFile, newKey } from '../kernel/config/master-key-file.js';
import { parseEnv } from '../kernel/config/parse-env.js';
import { ServiceEnv } from '../kernel/config/service.env.js';

const AFTERWARDS = [
  'Start every process anew. What the old key signed and sealed stays good as long as the old key is kept as the previous',
  'one; drop it once no job from before is open. A notice of a job that is still open then counts by the vendor’s ids alone.',
  'What is sealed in the database (voiceprints, secrets of endpoints) is sealed anew by itself, 200 rows every 5 s; the',
  'sweeps `job-secrets`, `voiceprints` and `endpoint-secrets` in the log say how many. Until they find none any more, the',
  'old key is needed.',
];

/** Where the environment has the key from, the new one has to go. */
function whereTo(): string[] {
  const file = process.env.SIGNALBOX_MASTER_KEY ? undefined : process.env.SIGNALBOX_MASTER_KEY_FILE;
  if (file === undefined) {
    return [
      'The key comes from SIGNALBOX_MASTER_KEY. For every process, api and workers:',
      '  1. SIGNALBOX_MASTER_KEY_PREVIOUS = what SIGNALBOX_MASTER_KEY is now',
      '  2. SIGNALBOX_MASTER_KEY = the new key, on standard output:',
    ];
  }
  const previous = process.env.SIGNALBOX_MASTER_KEY_PREVIOUS_FILE;
  return [
    `The key comes from the file ${file} (SIGNALBOX_MASTER_KEY_FILE). For every process, api and workers:`,
    previous === undefined
      ? '  1. copy that file, and name the copy in SIGNALBOX_MASTER_KEY_PREVIOUS_FILE'
      : `  1. copy that file over ${previous} (SIGNALBOX_MASTER_KEY_PREVIOUS_FILE)`,
    '  2. then write the new key into it, as on standard output:',
  ];
}

function rotate(): void {
  const env = parseEnv(ServiceEnv);
  if (env.SIGNALBOX_MASTER_KEY !== '') {
    // The key alone on standard output; where it is kept is not ours to write to.
    console.error([...whereTo(), ...AFTERWARDS].join('\n'));
    console.log(newKey());
    return;
  }
  const file = new MasterKeyFile(env.SIGNALBOX_HOME);
  file.rotate();
  console.error([`${file.current} is new; the old key is in ${file.previous}.`, ...AFTERWARDS].join('\n'));
}

/** `signalbox master-key rotate`. */
export function masterKeyCommands(program: Command): void {
  program
    .command('master-key')
    .description('the key from which all others are derived')
    .command('rotate')
    .description('put a new one in its place; the old one still verifies and opens what it signed and sealed')
    .action(rotate);
}
