import { eventually } from './eventually.js';
import type { JobAnswer, World } from './service.js';

export type Training = JobAnswer & {
  progress: number | null;
  input: Record<string, unknown>;
  facts: Record<string, unknown>;
  followUps: { event: string; state: string; lastError: string | null }[];
};

export interface ModelAnswer {
  id: string;
  state: string;
  files: {
    role: string;
    name: string;
    state: string;
    size: number | null;
    sha256: string | null;
    attempts: number;
    lastError: string | null;
    note: string | null;
    links: { content: string };
  }[];
}

type Faults = Record<string, Record<string, unknown>>;

/** At the vendor at once, and done at once. */
export const QUICK: Faults = { queued: { ms: 0 }, processing: { ms: 20 } };

/** The trainings of a world: ordered, looked at, and asked about at the vendor's own record. */
export class TrainingOrders {
  private orders = 0;

  constructor(private readonly world: World) {}

  /** Each with faults of its own at the vendor. */
  async order(faults: Faults = {}, body: Record<string, unknown> = {}): Promise<Training> {
    const own = `&order=${++this.orders}.`;
    for (const [fault, params] of Object.entries(faults)) {
      await this.world.fal.fault(fault, { ...params, match: { url: own } });
    }
    const order = { type: 'portrait', url: `${this.world.fal.images()}${own}`, ...body };
    const made = await this.world.client.post<Training>('/v1/trainings', order);
    if (made.status !== 202) throw new Error(`not accepted: ${made.status} ${JSON.stringify(made.body)}`);
    return made.body;
  }

  /** Running, with its vendor id, and asked about in an hour only. */
  async running(faults: Faults = {}, body: Record<string, unknown> = {}): Promise<Training & { externalId: string }> {
    const { id } = await this.order(faults, body);
    const job = (await this.world.until(id, 'running')) as Training;
    await this.world.db.execute(`update jobs set check_at = now() + interval '1 h' where id = $1`, [id]);
    return { ...job, externalId: job.externalId ?? '' };
  }

  /** Once the vendor is done with it. */
  async doneThere(requestId: string): Promise<void> {
    await eventually(`fal.ai is done with ${requestId}`, async () => {
      return (await this.world.fal.training(requestId)).status === 'COMPLETED';
    });
  }

  /** How often the vendor was asked how it stands. */
  async asked(requestId: string): Promise<number> {
    const { requests } = await this.world.fal.record();
    return requests.filter(({ jobId, path }) => jobId === requestId && /\/status(\?|$)/.test(path)).length;
  }

  /** How many requests at the vendor were made for this job. */
  async sent(jobId: string): Promise<number> {
    return (await this.world.fal.record()).jobs.filter(({ webhook }) => webhook?.includes(jobId)).length;
  }

  async modelOf(jobId: string): Promise<ModelAnswer | undefined> {
    return (await this.world.client.get<{ items: ModelAnswer[] }>(`/v1/models?job=${jobId}`)).body.items[0];
  }

  /** The model of a job once it stands like this. */
  untilModel(jobId: string, state: string, deadlineMs?: number): Promise<ModelAnswer> {
    return eventually(
      `the model of ${jobId} is ${state}`,
      async () => {
        const model = await this.modelOf(jobId);
        if (model?.state !== state) throw new Error(JSON.stringify([model, await this.world.job(jobId)]));
        return model;
      },
      deadlineMs,
    );
  }
}
