import type { Change } from './change.js';
import type { Job, JobError } from './job.entity.js';
import type { ResultFormat } from './results/result-format.js';

/** A finer word of a vendor, with its place in the order: phases never go back. */
export interface Phase {
  name: string;
  rank: number;
  /** Told to subscribers as `<kind>.<phase>`. */
  announced: boolean;
}

/** How often the vendor is asked: first after `first`, then `factor` times longer each time, up to `max`. Milliseconds. */
export interface CheckRhythm {
  first: number;
  factor: number;
  max: number;
}

/** What the kernel knows about a kind of job. */
export interface KindSpec {
  kind: string;
  /** From `running` (or `unconfirmed`) until we stop waiting; milliseconds. */
  deadline: number;
  /** While a notice is expected, and when none is. */
  checks: { withWebhook: CheckRhythm; withoutWebhook: CheckRhythm };
  phases: readonly Phase[];
  /** Whether work that may have been sent may be sent again by itself; `never` for everything that is paid for. */
  resubmit: 'safe' | 'never';
  /**
   * For work that our own processes do: how a job ends that was in the hands of too many of them when they vanished. Without
   * it the job is `unconfirmed`, as somebody else may have done the work.
   */
  givenUp?: JobError;
  /**
   * What nobody but the job's team and its vendor may see, as paths (`voiceprints[].voiceprint`): stored encrypted, left out
   * of lists, events and notifications.
   */
  secret?: { input?: readonly string[]; result?: readonly string[] };
  /** What it is estimated to cost, in US dollars, by what is asked for; without it, the kind is not counted as spending. */
  price?(input: Readonly<Record<string, unknown>>): number;
  /** The forms of a result beside JSON, under the names that `?format=` knows them by; `Accept` prefers the first. */
  formats?: Readonly<Record<string, ResultFormat>>;
}

/** A job as a provider sees it. */
export type ProviderJob = Readonly<
  Pick<
    Job,
    | 'id'
    | 'teamId'
    | 'kind'
    | 'status'
    | 'input'
    | 'result'
    | 'externalId'
    | 'facts'
    | 'labels'
    | 'attempt'
    | 'createdAt'
    | 'askedAt'
  >
> & {
  /** The address to give to the vendor; null when this job is settled by asking. */
  callbackUrl: string | null;
};

/**
 * Called once, right before the one request that costs. Commits `asked_at` and the ids that we chose ourselves. After it,
 * anything unclear makes the job `unconfirmed`. @throws when the step lost its lease: send nothing
 */
export type Asking = (chosen?: { refs?: readonly string[] }) => Promise<void>;

/** The notice as a provider sees it: already verified. */
export interface VerifiedNotice {
  source: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  receivedAt: Date;
}

/** A vendor that does jobs. Each client sorts its own vendor's failures into NotNow, Refused, Unavailable, or anything else (unclear). */
export interface JobProvider {
  readonly name: string;
  readonly kinds: readonly KindSpec[];
  /** Environment variables that are needed and not set; while there are any, its routes answer 503. */
  missingKeys(): readonly string[];
  /** False: its notices could not be believed, so new jobs are settled by asking. True when absent. */
  isTold?(): boolean;
  /** Free preparation, then `await asking()`, then exactly one request that costs. Never retries by itself. */
  submit(job: ProviderJob, asking: Asking): Promise<Change>;
  /** Repeatable; may fetch the full result; null = not a word that we know. Writes nothing. */
  interpret(notice: VerifiedNotice, job: ProviderJob): Promise<Change | null>;
  /** How the vendor says it stands; null = a word that we do not know. */
  check(job: ProviderJob): Promise<Change | null>;
  /** Where the vendor has a list: many at the price of few. Jobs that it leaves out are checked one by one. */
  checkMany?(jobs: readonly ProviderJob[]): Promise<Map<string, Change | null>>;
  /** How many checks a minute the vendor's limit leaves for us; intervals stretch to stay under it. */
  readonly checksPerMinute?: number;
  /** How many submits of this provider one process has in hand at the same time; 8 where it is not said. */
  readonly submitsAtOnce?: number;
  /** Without it, a job that was handed out answers 409 `cancel_not_supported`. */
  cancel?(job: ProviderJob): Promise<Change | null>;
  /**
   * What follows a settled state or an announced phase (`<kind>.<status>`, `<kind>.<phase>`): keep a file, tell another
   * system. Repeatable; retried with back-off for 24 h (not after `GiveUp`) and shown on the job; never changes the job's state.
   */
  after?(job: ProviderJob, event: string): Promise<void>;
  /** The events that `after` is for; without it, all of them. */
  readonly follows?: readonly string[];
}
