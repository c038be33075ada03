import { Injectable } from '@nestjs/common';
import { ServiceEnv } from '../config/service.env.js';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import type { Caller } from '../teams/caller.js';
import type { Cause } from '../notifications/cause.js';
import { NotifyUrls } from '../notifications/endpoints/notify-urls.js';
import { EventLog } from '../notifications/event-log.js';
import { JobSecrets } from './job-secrets.js';
import type { NewJob, RequestOf } from './new-job.js';
import { ProviderRegistry } from './provider-registry.js';

/** What new jobs have in common: one request made them, for one provider and one kind. */
export interface NewJobs {
  provider: string;
  kind: string;
  jobs: readonly (NewJob & { id: string; price?: number | null })[];
  batchId?: string;
}

/** Writes new jobs: their rows, the team's turn, the first entry of each timeline. Three statements, however many. */
@Injectable()
export class JobRows {
  constructor(
    private readonly events: EventLog,
    private readonly notifyUrls: NotifyUrls,
    private readonly secrets: JobSecrets,
    private readonly registry: ProviderRegistry,
    private readonly env: ServiceEnv,
  ) {}

  async insert(tx: Transaction, caller: Caller, made: NewJobs, request: RequestOf): Promise<void> {
    const { provider, kind, jobs, batchId = null } = made;
    const { teamId, keyId } = caller;
    const ids = jobs.map((job) => job.id);
    const isTold = this.env.PUBLIC_URL !== '' && this.registry.named(provider).isTold?.() !== false;
    await tx.execute(
      `insert into jobs (id, team_id, provider, kind, batch_id, traceparent, submit_at, input, labels, webhook,
                         notify_endpoint, price)
       select new.id, $1, $2, $3, $4, $5, now(), new.input::jsonb, new.labels::jsonb, new.webhook, new.notify, new.price
       from unnest($6::uuid[], $7::text[], $8::text[], $9::boolean[], $10::uuid[], $11::numeric[])
         as new(id, input, labels, webhook, notify, price)`,
      [
        teamId,
        provider,
        kind,
        batchId,
        request.traceparent ?? null,
        ids,
        jobs.map((job) => jsonb(this.secrets.seal({ id: job.id, kind }, 'input', job.input))),
        jobs.map((job) => jsonb(job.labels ?? {})),
        jobs.map((job) => job.webhook !== false && isTold),
        await this.notifyUrls.endpointsOf(
          tx,
          teamId,
          jobs.map((job) => job.notifyUrl ?? null),
        ),
        jobs.map((job) => job.price ?? null),
      ],
    );
    await tx.execute('insert into turns (provider, team_id) values ($1, $2) on conflict do nothing', [
      provider,
      teamId,
    ]);
    const cause: Cause = { by: 'api', key: keyId, requestId: request.requestId };
    await this.events.appendToEach(tx, { ids, teamId }, cause, `${kind}.queued`);
  }
}
