import { setEnvironment } from '../../src/kernel/config/parse-env.js';
import { KeysService } from '../../src/kernel/teams/keys.service.js';
import { serve } from '../../src/serve.js';
import type { Service } from '../../src/serve.js';
import type { BenchOptions } from '../bench.js';
import { intoLatest } from '../latest.js';
import { withPostgres } from '../postgres.js';
import { aligned, ratiosOf, verdictsOf } from '../report.js';
import type { Outcome } from '../report.js';
import { round } from '../stats.js';
import { WAYS, countCalls, saved } from './count-calls.js';
import type { Calls, Stage, Way } from './count-calls.js';

/** A hundred times as fast as life: half an hour takes 18 s. */
const FACTOR = 0.01;
/** How long the vendor takes, in seconds of its own time. */
const LENGTHS = { '30 s': 30, '5 min': 5 * 60, '30 min': 30 * 60 };
/** What the system before this one promised: 80 to 90 % fewer calls. */
const PROMISED = 0.8;

const NAMES: Record<Way, string> = {
  every5s: 'polling every 5 s',
  every10s: 'polling every 10 s',
  webhooks: 'Signalbox, with webhooks',
};

/** With a key of the real vendor in it, the service would work with that one. */
const NOT_OURS = [
  'PYANNOTEAI_API_KEY',
  'PYANNOTEAI_BASE_URL',
  'PYANNOTEAI_WEBHOOK_SECRETS',
  'PYANNOTEAI_WEBHOOK_SECRET',
]
  .concat(['PUBLIC_URL', 'FETCH_ALLOW_CIDRS', 'REDIS_URL', 'MANAGEMENT_PORT'])
  .flatMap((name) => [name, `${name}_FILE`]);

const say = (text: string) => process.stdout.write(text);

/** Calls to the vendor per job, counted by the vendor's stand-in: by polling, and by Signalbox with webhooks. */
export async function vendorRequests({ rounds: jobs }: BenchOptions): Promise<void> {
  await withPostgres({}, async (postgres, folder) => {
    setEnvironment(Object.fromEntries(NOT_OURS.map((name) => [name, undefined])));
    setEnvironment({
      DATABASE_URL: postgres.url,
      SIGNALBOX_HOME: folder,
      SIGNALBOX_SANDBOX: 'true',
      SIGNALBOX_TIME_FACTOR: String(FACTOR),
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
    });
    const service = await serve();
    try {
      const stage = await stageOf(service);
      // The stand-in hears the recording for the first time, which takes it real time.
      await countCalls(stage, LENGTHS['30 s'], 1);
      const calls: Record<string, Calls> = {};
      for (const [length, seconds] of Object.entries(LENGTHS)) {
        say(`${jobs} jobs of ${length} by each way …\n`);
        calls[length] = await countCalls(stage, seconds, jobs);
      }
      await report(calls, jobs);
    } finally {
      await service.stop();
    }
  });
}

async function stageOf({ url, app, sandbox }: Service): Promise<Stage> {
  if (!sandbox) throw new Error('there is no stand-in to count at');
  const { key } = await app
    .get(KeysService)
    .create({ name: 'bench', actor: 'cli', scopes: ['jobs:read', 'jobs:write'] });
  const audio = `${sandbox.url}/sandbox/audio/two-voices.wav`;
  const { baseUrl, apiKey } = sandbox.pyannote;
  return { factor: FACTOR, vendor: { admin: sandbox.url, baseUrl, apiKey, audio }, service: { url, key } };
}

function outcomesOf(calls: Record<string, Calls>): Outcome[] {
  return Object.entries(calls).flatMap(([length, counted]) =>
    (['every5s', 'every10s'] as const).map((over) => {
      const value = round(saved(counted, over), 3);
      const ratio = `vendorCallsSavedOf${length.replace(' ', '')}JobsOver${over.replace('every', 'Every')}`;
      return { ratio, value, goal: PROMISED, reached: value >= PROMISED };
    }),
  );
}

async function report(calls: Record<string, Calls>, jobs: number): Promise<void> {
  const found = outcomesOf(calls);
  const lengths = Object.keys(calls);
  const rows = WAYS.map((way) => [NAMES[way], ...lengths.map((length) => String(round(calls[length]?.[way] ?? 0, 1)))]);
  say(`\n${aligned([['calls to the vendor per job', ...lengths], ...rows])}\n${verdictsOf(found)}\n`);
  say('  The submit is one of the calls, by every way: a job of 30 s can do with no fewer than one in four.\n');
  await intoLatest({
    ratios: ratiosOf(found),
    vendorRequests: { date: new Date().toISOString(), factor: FACTOR, jobs, calls, goals: found },
  });
}
