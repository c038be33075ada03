import { HOUR } from '../../kernel/config/pace.js';
import type { Change } from '../../kernel/jobs/change.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { NotNow } from '../../kernel/jobs/provider-errors.js';
import type { ListedJob } from './pyannote.answers.js';
import type { PyannoteClient } from './pyannote.client.js';
import { standingOf } from './pyannote.words.js';

/** The vendor's clock and ours need not agree. */
const CLOCK_MARGIN = HOUR;

type Answers = Map<string, Change | null>;

/**
 * Many jobs by the vendor's list: those still open cost nothing more, those that ended are asked for singly, since the
 * list has no outputs. What is not in the map the kernel asks about one by one. When the limit is reached, what is known
 * so far is kept: the rest is refused by our own count, without another request. A huge output is not opened here, where it
 * would have to wait for the others: its job is left to be asked about alone.
 */
export async function listed(
  client: Pick<PyannoteClient, 'jobs'>,
  jobs: readonly ProviderJob[],
  ask: (job: ProviderJob) => Promise<Change | null>,
  isHuge: (job: ProviderJob) => boolean = () => false,
): Promise<Answers> {
  const answers: Answers = new Map();
  const wanted = new Map(jobs.flatMap((job) => (job.externalId === null ? [] : [[job.externalId, job] as const])));
  try {
    for await (const item of newestFirst(client, wanted)) {
      const job = wanted.get(item.id);
      if (!job || !wanted.delete(item.id)) continue;
      const standing = standingOf(item.status);
      if (!standing) answers.set(job.id, null);
      else if ('open' in standing) answers.set(job.id, { to: 'running', phase: standing.open });
      else if (!isHuge(job)) answers.set(job.id, await ask(job));
    }
  } catch (error) {
    if (!(error instanceof NotNow) && answers.size === 0) throw error;
  }
  return answers;
}

/** Pages until all are found or the rest is older than what we look for; a page costs as much as a job. */
async function* newestFirst(
  client: Pick<PyannoteClient, 'jobs'>,
  wanted: ReadonlyMap<string, ProviderJob>,
): AsyncGenerator<ListedJob> {
  const oldest = Math.min(...[...wanted.values()].map((job) => job.createdAt.getTime())) - CLOCK_MARGIN;
  const seen = new Set<string | undefined>();
  let cursor: string | undefined;
  for (let left = Math.ceil(wanted.size / 2); left > 0 && wanted.size > 0 && !seen.has(cursor); left -= 1) {
    seen.add(cursor);
    const page = await client.jobs(cursor);
    yield* page.items;
    const last = page.items.at(-1);
    if (!last || page.nextCursor === null || (last.createdAt && last.createdAt.getTime() < oldest)) return;
    cursor = page.nextCursor;
  }
}
