import { join } from 'node:path';
import { Client } from 'pg';
import { Child } from '../child.js';
import type { BenchOptions } from '../bench.js';
import type { LoadResult } from '../load/load.js';
import { cpuOfTree } from '../machine.js';
import type { Run } from '../report.js';
import { quantile } from '../stats.js';
import { SECRET } from './notice.js';
import { PGBENCH_TABLE, Pgbench, findPgbench } from './pgbench.js';

/**
 * Sent before each run and not counted: while others had their turn, the engine threw compiled code away, the more the
 * larger the program. A service that is busy never is in that state.
 */
export const LEAD_IN_SECONDS = 1;

export interface Contender {
  name: string;
  label: string;
  /** Runs before anything counts: code that is large takes longer to be compiled. */
  warmUps: number;
  /** Sends what the load maker has prepared, or makes its own load. */
  run(seconds: number): Promise<Run & { acked?: LoadResult['acked'] }>;
  stop(): Promise<void>;
}

export interface Field {
  databaseUrl: string;
  postmaster: number;
  load: Child;
  options: BenchOptions;
  folder: string;
}

/** The one that is measured, with an environment as in production. */
export function service(field: Field, log: string): Contender {
  return served(field, 'ingest', 'Signalbox, everything on', 'service.js', {
    output: log,
    env: {
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      DATABASE_URL: field.databaseUrl,
      SIGNALBOX_HOME: join(field.folder, 'home'),
      SIGNALBOX_MASTER_KEY: 'b'.repeat(64),
      PUBLIC_URL: 'https://signalbox.example.com',
      PYANNOTEAI_API_KEY: 'sk_bench',
      PYANNOTEAI_WEBHOOK_SECRETS: SECRET,
    },
  });
}

export function bareFastify(field: Field): Contender {
  return served(field, 'bareFastify', 'bare Fastify, the check only', 'bare-fastify.js', {
    env: { NODE_ENV: 'production' },
  });
}

export function plainTypeOrm(field: Field): Contender {
  return served(field, 'plainTypeOrm', 'Nest + TypeORM, one save each', 'plain-typeorm.js', {
    args: [field.databaseUrl],
    env: { NODE_ENV: 'production' },
  });
}

/** Null where pgbench is not installed. */
export async function pgbench(field: Field): Promise<Contender | null> {
  const program = await findPgbench();
  if (program === null) return null;
  const client = new Client({ connectionString: field.databaseUrl });
  await client.connect();
  await client.query(PGBENCH_TABLE);
  await client.end();
  const bench = await Pgbench.prepare(program, field.databaseUrl, field.folder);
  return {
    name: 'pgbench',
    label: 'pgbench, single rows',
    warmUps: 1,
    run: async (seconds) => {
      const before = await cpuOfTree(field.postmaster);
      const { reqPerSec, meanMs } = await bench.run(seconds, field.options.connections);
      const after = await cpuOfTree(field.postmaster);
      return {
        reqPerSec,
        p50Ms: meanMs,
        p99Ms: null,
        nodeMicros: null,
        postgresMicros: per(before, after, reqPerSec * seconds),
      };
    },
    stop: () => Promise.resolve(),
  };
}

function served(
  { load, options, postmaster }: Field,
  name: string,
  label: string,
  module: string,
  how: { args?: string[]; env: Record<string, string>; output?: string },
): Contender {
  const child = Child.start(join(__dirname, module), how);
  const port = child.ask<number>({ ask: 'port' });
  port.catch(() => undefined);
  return {
    name,
    label,
    warmUps: name === 'ingest' ? 4 : name === 'plainTypeOrm' ? 2 : 1,
    run: async (seconds) => {
      const to = await port;
      const cpu = () => Promise.all([child.ask<number>({ ask: 'cpu' }), cpuOfTree(postmaster)]);
      const send = (time: number, from: number) =>
        load.ask<LoadResult>({ ask: 'run', port: to, connections: options.connections, seconds: time, from });
      const leadIn = await send(LEAD_IN_SECONDS, 0);
      const before = await cpu();
      const result = await send(seconds, leadIn.next);
      const after = await cpu();
      const answers = result.latencies.length;
      if (result.statuses['200'] !== answers) throw new Error(`${name} answered ${JSON.stringify(result.statuses)}`);
      return {
        reqPerSec: (result.requests / result.ms) * 1_000,
        p50Ms: quantile(result.latencies, 0.5),
        p99Ms: quantile(result.latencies, 0.99),
        nodeMicros: per(before[0], after[0], answers),
        postgresMicros: name === 'bareFastify' ? null : per(before[1], after[1], answers),
        acked: [...leadIn.acked, ...result.acked],
      };
    },
    stop: () => child.stop(),
  };
}

function per(before: number | null, after: number | null, requests: number): number | null {
  return before === null || after === null || requests === 0 ? null : (after - before) / requests;
}
