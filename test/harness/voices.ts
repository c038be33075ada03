import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodeWav } from '../../src/sandbox/audio/wav.js';
import { silence, wav } from '../../src/sandbox/testing/synthetic-sound.js';
import { ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import type { JobAnswer, World } from './service.js';
import { upload } from './upload.js';

const examples = resolve(__dirname, '../../examples/audio');
const { turns } = JSON.parse(readFileSync(resolve(examples, 'two-voices.json'), 'utf8')) as {
  turns: { voice: 'low' | 'high'; start: number; end: number }[];
};

export interface PrintAnswer {
  id: string;
  label: string;
  jobId: string;
  createdAt: string;
  voiceprint?: string;
  links: Record<string, string>;
}

export interface Enrolled {
  job: JobAnswer;
  entry: PrintAnswer;
  print: string;
}

/** One of the two voices of the shipped recording alone, by its turn there. */
export function turnAlone(index: number): Buffer {
  const { rate, samples } = decodeWav(readFileSync(resolve(examples, 'two-voices.wav')));
  const { start = 0, end = 0 } = turns[index] ?? {};
  return wav([...silence(0.3, rate), ...samples.slice(start * rate, end * rate), ...silence(0.3, rate)], { rate });
}

export const turnOf = (voice: 'low' | 'high'): number => turns.findIndex((turn) => turn.voice === voice);

/** The voices of one team, as its API shows them. */
export class Voices {
  readonly api: ApiClient;

  constructor(
    private readonly world: World,
    readonly key: string,
  ) {
    this.api = new ApiClient(world.url, key);
  }

  async file(bytes: Uint8Array): Promise<string> {
    return (await upload(this.world.url, this.key, bytes, { query: '?name=voice.wav' })).body.id;
  }

  /** The job’s answer, whatever it is. */
  async order<T = JobAnswer>(body: object, headers?: Record<string, string>) {
    return this.api.post<T>('/v1/voiceprints', body, headers);
  }

  /** The job, settled. */
  async printed(body: object): Promise<JobAnswer> {
    const made = await this.order(body);
    if (made.status !== 202) throw new Error(`not accepted: ${made.status} ${JSON.stringify(made.body)}`);
    await this.world.until(made.body.id);
    return (await this.api.get<JobAnswer>(`/v1/jobs/${made.body.id}`)).body;
  }

  /** A voice in the library. */
  async enrol(label: string, turn: number): Promise<Enrolled> {
    const job = await this.printed({ file: await this.file(turnAlone(turn)), label });
    const { voiceprint } = (job.result ?? {}) as { voiceprint?: string };
    if (voiceprint === undefined) throw new Error(`no print: ${JSON.stringify(job)}`);
    const entry = await eventually(`${label} is in the library`, async () =>
      (await this.list()).find(({ jobId }) => jobId === job.id),
    );
    return { job, entry, print: voiceprint };
  }

  async list(query = ''): Promise<PrintAnswer[]> {
    return (await this.api.get<{ items: PrintAnswer[] }>(`/v1/voiceprints?limit=100&${query}`)).body.items;
  }
}

/** The tables in whose rows this text stands, plainly or as bytes. */
export async function tablesWith(world: World, text: string): Promise<string[]> {
  const tables = await world.db.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const sql = `select 1 from "${name}" as row where strpos(row::text, $1) > 0 or strpos(row::text, $2) > 0 limit 1`;
    const rows = await world.db.query(sql, [text, Buffer.from(text, 'utf8').toString('hex')]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
