import { explain } from '../src/cli/explain.js';
import { pyannote } from './pyannote.js';

const VENDORS = { pyannote } as const;

/** `npm run live -- <vendor>`: an opt-in smoke run against the real one. Without a key it says so and ends with 0. */
async function main(name: string | undefined): Promise<void> {
  if (name === undefined || !Object.hasOwn(VENDORS, name)) {
    throw new Error(`name one of ${Object.keys(VENDORS).join(', ')}: npm run live -- pyannote`);
  }
  const findings = await VENDORS[name as keyof typeof VENDORS]((line) => console.log(`  ${line}`));
  if (!findings) return console.log(`live ${name}: skipped, its key is not set`);
  for (const { fact, seen } of findings)
    console.log(`${seen === null ? 'open   ' : 'settled'}  ${fact}${seen === null ? '' : `: ${seen}`}`);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error && error.name === 'Error' ? error.message : explain(error));
  process.exitCode = 1;
});
