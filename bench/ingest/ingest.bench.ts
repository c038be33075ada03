import { join } from 'node:path';
import { migrate } from '../../src/kernel/database/data-source.js';
import type { EmbeddedPostgres } from '../../src/kernel/database/embedded/embedded-postgres.js';
import type { BenchOptions } from '../bench.js';
import { Child } from '../child.js';
import { intoLatest } from '../latest.js';
import { describeMachine } from '../machine.js';
import { withPostgres } from '../postgres.js';
import { outcomes, ratiosOf, summarise, tableOf, verdictsOf } from '../report.js';
import type { Goal, Run, Summary } from '../report.js';
import { LEAD_IN_SECONDS, bareFastify, pgbench, plainTypeOrm, service } from './field.js';
import type { Contender, Field } from './field.js';
import { Acked, requestLines } from './proof.js';

const GOALS: readonly Goal[] = [
  { ratio: 'ingestOverBareFastify', over: 'bareFastify', atLeast: 0.6 },
  { ratio: 'ingestOverPlainTypeOrm', over: 'plainTypeOrm', atLeast: 3.5 },
  { ratio: 'ingestOverPgbench', over: 'pgbench', atLeast: 0.8 },
];
const WARM_UP_SECONDS = 1;
/** More than any contender answers in a second; what is not sent is only made in vain. */
const MOST_PER_SECOND = 25_000;

const say = (text: string) => process.stdout.write(text);

/** Durable ingest of 2 KB signed notices, every id new, beside three other ways to take them in. */
export async function ingest(options: BenchOptions): Promise<void> {
  // The making of new WAL segments and checkpoints belong to nobody's request here; the same for all.
  const settings = { min_wal_size: '2GB', max_wal_size: '8GB', checkpoint_timeout: '30min' };
  await withPostgres(settings, async (postgres, folder) => {
    await migrate(postgres.url);
    await race(options, folder, postgres);
  });
}

async function race(options: BenchOptions, folder: string, postgres: EmbeddedPostgres): Promise<void> {
  const load = Child.start(join(__dirname, '../load/load-process.js'), { flags: ['--max-semi-space-size=64'] });
  const field: Field = { databaseUrl: postgres.url, postmaster: postgres.pid, load, options, folder };
  const log = join(folder, 'service.log');
  const contenders = [service(field, log), bareFastify(field), plainTypeOrm(field)];
  const withPgbench = await pgbench(field);
  if (withPgbench) contenders.push(withPgbench);
  else say('pgbench is not installed: one ratio less\n');
  const acked = new Acked();
  try {
    const runs = await interleaved(contenders, options, load, acked);
    await acked.check(postgres.url);
    await contenders[0]?.stop();
    const lines = await requestLines(log);
    if (lines !== acked.count)
      throw new Error(`${acked.count} notices were acked, ${lines} request lines are in the log`);
    await report(contenders, runs, options, acked.count, postgres.url);
  } finally {
    for (const contender of contenders) await contender.stop();
    await load.stop();
  }
}

/** A B C D A B C D …: what else the machine does meanwhile falls on all alike. */
async function interleaved(
  contenders: readonly Contender[],
  options: BenchOptions,
  load: Child,
  acked: Acked,
): Promise<Map<string, Run[]>> {
  let slab = 0;
  const runOnce = async ({ name, run }: Contender, seconds: number): Promise<Run> => {
    const { acked: now, ...measured } = await run(seconds);
    if (name === 'ingest' && now) acked.add(slab, now);
    return measured;
  };
  const prepare = (seconds: number) =>
    load.ask({ ask: 'prepare', slab: ++slab, count: (LEAD_IN_SECONDS + seconds) * MOST_PER_SECOND });

  say('warm-up');
  for (const contender of contenders) {
    for (let i = 0; i < contender.warmUps; i++) {
      await prepare(WARM_UP_SECONDS);
      await runOnce(contender, WARM_UP_SECONDS);
    }
  }
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= options.rounds; round++) {
    say(`, round ${round}`);
    await prepare(options.seconds);
    for (const contender of contenders) runs.get(contender.name)?.push(await runOnce(contender, options.seconds));
  }
  say('\n\n');
  return runs;
}

async function report(
  contenders: readonly Contender[],
  runs: ReadonlyMap<string, Run[]>,
  options: BenchOptions,
  checked: number,
  databaseUrl: string,
): Promise<void> {
  const machine = await describeMachine(databaseUrl);
  const summaries: Record<string, Summary> = {};
  for (const { name } of contenders) summaries[name] = summarise(runs.get(name) ?? []);
  const found = outcomes('ingest', summaries, GOALS);
  say(`${tableOf(Object.fromEntries(contenders.map(({ name, label }) => [name, label])), summaries)}\n`);
  say(`${verdictsOf(found)}\n`);
  say(`  ${checked} acked notices, each in the inbox once with its bytes, each with one line in the log\n`);
  say(`  ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, Postgres ${machine.postgres}\n`);
  await intoLatest({
    bench: 'ingest',
    date: new Date().toISOString(),
    ratios: ratiosOf(found),
    goals: found,
    contenders: summaries,
    options,
    checked,
    machine,
  });
}
