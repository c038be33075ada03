import { parseArgs } from 'node:util';
import { ingest } from './ingest/ingest.bench.js';
import { photos } from './photos/photos.bench.js';
import { vendorRequests } from './vendor-requests/vendor-requests.bench.js';

/** What a run of a bench may be told. */
export interface BenchOptions {
  /** Interleaved rounds; medians are taken over them. */
  rounds: number;
  /** Length of one measured run. */
  seconds: number;
  connections: number;
}

const benches: Record<string, { about: string; run: (options: BenchOptions) => Promise<void> }> = {
  ingest: { about: 'signed notices kept durably, beside three other ways to take them in', run: ingest },
  'vendor-requests': {
    about: 'calls to the vendor per job, by polling and by webhooks (--rounds: jobs of each kind)',
    run: vendorRequests,
  },
  photos: { about: 'photos of receipts cleaned: time, memory, and the main thread (--rounds: of 40)', run: photos },
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, seconds: { type: 'string' }, connections: { type: 'string' } },
  });
  const bench = benches[positionals[0] ?? ''];
  if (!bench) {
    process.stdout.write('npm run bench -- <name> [--rounds 5] [--seconds 2] [--connections 64]\n\n');
    for (const [name, { about }] of Object.entries(benches)) process.stdout.write(`  ${name.padEnd(17)}${about}\n`);
    if (positionals.length > 0) throw new Error(`there is no bench called ${positionals[0]}`);
    return;
  }
  await bench.run({
    rounds: wholeNumber('rounds', values.rounds, 5),
    seconds: wholeNumber('seconds', values.seconds, 2),
    connections: wholeNumber('connections', values.connections, 64),
  });
}

function wholeNumber(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${name} must be a whole number above 0`);
  return Number(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
