import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Answer } from './api-client.js';
import { eventually } from './eventually.js';
import type { JobAnswer, World } from './service.js';
import { upload } from './upload.js';

export interface BatchItem {
  url?: string;
  file?: string;
  labels?: Record<string, string>;
}

export interface BatchBody {
  kind?: string;
  options?: Record<string, unknown>;
  labels?: Record<string, string>;
  webhook?: boolean;
  items: BatchItem[];
}

export interface BatchAnswer {
  id: string;
  kind: string;
  labels: Record<string, string>;
  total: number;
  settled: number;
  counts?: Record<string, number>;
  finishedAt: string | null;
  canceled: number;
  asked: number;
  goOn: number;
  code?: string;
  errors?: { field: string; detail: string }[];
}

export type JobOfBatch = JobAnswer & { batch: string | null; input: Record<string, unknown> };

export interface FinishEvent {
  team_id: string;
  what: { batch: string; counts: Record<string, number> };
  cause: { by: string };
}

/** Submits batches to a world, and looks how they are getting on. */
export class BatchDesk {
  constructor(private readonly world: World) {}

  submit(body: BatchBody, headers?: Record<string, string>): Promise<Answer<BatchAnswer>> {
    return this.world.client.post<BatchAnswer>('/v1/batches', { kind: 'diarization', ...body }, headers);
  }

  async batch(id: string): Promise<BatchAnswer> {
    return (await this.world.client.get<BatchAnswer>(`/v1/batches/${id}`)).body;
  }

  until(id: string, holds: (batch: BatchAnswer) => boolean): Promise<BatchAnswer> {
    return eventually(`batch ${id}`, async () => {
      const batch = await this.batch(id);
      if (holds(batch)) return batch;
      throw new Error(JSON.stringify(batch));
    });
  }

  finished(id: string): Promise<BatchAnswer> {
    return this.until(id, ({ finishedAt }) => finishedAt !== null);
  }

  /** All its jobs, newest first, over all pages. */
  async jobs(id: string): Promise<JobOfBatch[]> {
    const jobs: JobOfBatch[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await this.world.client.get<{ items: JobOfBatch[]; nextCursor: string | null }>(
        `/v1/jobs?batch=${id}&limit=100${more}`,
      );
      jobs.push(...body.items);
      cursor = body.nextCursor;
    }
    return jobs;
  }

  /** What was announced of its end. */
  finishes(id: string): Promise<FinishEvent[]> {
    return this.world.db.query<FinishEvent>(
      `select team_id, what, cause from events where type = 'batch.finished' and what->>'batch' = $1 and job_id is null`,
      [id],
    );
  }

  async labelled(run: string): Promise<number> {
    return (await this.world.db.query(`select 1 from jobs where labels->>'run' = $1`, [run])).length;
  }

  /** While it is paused, nothing is handed out. */
  async pause(paused: boolean): Promise<void> {
    await this.world.db.execute(
      `insert into provider_states (provider, paused) values ('pyannote', $1)
       on conflict (provider) do update set paused = excluded.paused`,
      [paused],
    );
  }

  /** Returns the id of the file. */
  async upload(name: string): Promise<string> {
    const bytes = await readFile(resolve(__dirname, '../../examples/audio/two-voices.wav'));
    const key = await this.world.key(['files:write']);
    const sent = await upload(this.world.url, key, bytes, { query: `?name=${name}` });
    if (sent.status !== 201) throw new Error(`not uploaded: ${sent.status} ${JSON.stringify(sent.body)}`);
    return sent.body.id;
  }
}
