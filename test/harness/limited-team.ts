import type { Answer, ApiClient } from './api-client.js';
import type { JobAnswer, World } from './service.js';

export interface Refused {
  code: string;
  detail: string;
}

export type Submitted = JobAnswer & Refused & { price: number | null };

export type Limits = Partial<Record<'openJobs' | 'jobsPerDay' | 'uploadBytes' | 'monthlyBudget', number | null>>;
export type Used = Record<keyof Limits, number>;

/** A team of its own, limited over REST, that submits to a vendor which is paused: its jobs stay where they are. */
export class LimitedTeam {
  private constructor(
    private readonly world: World,
    readonly id: string,
    readonly key: string,
  ) {}

  static async create(world: World, name: string, limits: Limits = {}): Promise<LimitedTeam> {
    const { body } = await world.client.post<{ id: string }>('/v1/teams', { name });
    const team = new LimitedTeam(world, body.id, await world.key(['jobs:read', 'jobs:write', 'files:write'], name));
    await team.limit(limits);
    return team;
  }

  get client(): ApiClient {
    return this.world.client.withKey(this.key);
  }

  async limit(limits: Limits): Promise<void> {
    const { status, body } = await this.world.client.ask(`/v1/teams/${this.id}`, { method: 'PATCH', body: { limits } });
    if (status !== 200) throw new Error(`not limited: ${status} ${JSON.stringify(body)}`);
  }

  submit(body: Record<string, unknown> = {}, headers?: Record<string, string>): Promise<Answer<Submitted>> {
    return this.client.post<Submitted>('/v1/diarizations', { url: this.world.vendor.audio, ...body }, headers);
  }

  submitMany(count: number): Promise<Answer<Submitted>[]> {
    return Promise.all(Array.from({ length: count }, () => this.submit()));
  }

  batch(count: number, headers?: Record<string, string>): Promise<Answer<Refused & { id: string }>> {
    const items = Array.from({ length: count }, () => ({ url: this.world.vendor.audio }));
    return this.client.post('/v1/batches', { kind: 'diarization', items }, headers);
  }

  async cancel(id: string): Promise<number> {
    return (await this.client.post(`/v1/jobs/${id}/cancel`)).status;
  }

  async used(): Promise<Used> {
    return (await this.world.client.get<{ used: Used }>(`/v1/teams/${this.id}`)).body.used;
  }

  async jobs(): Promise<number> {
    return (await this.world.db.query('select 1 from jobs where team_id = $1', [this.id])).length;
  }

  /** As if it had been counted on another day. `day` is SQL. */
  async count(day: string, jobs: number, spent = 0): Promise<void> {
    await this.world.db.execute(
      `insert into team_usage (team_id, day, jobs, spent) values ($1, (${day})::date, $2, $3)
       on conflict (team_id, day) do update set jobs = excluded.jobs, spent = excluded.spent`,
      [this.id, jobs, spent],
    );
  }
}
