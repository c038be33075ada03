import { createHash, createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { MOVES } from '../../src/kernel/jobs/job-status.js';
import type { JobStatus } from '../../src/kernel/jobs/job-status.js';
import type { VendorRecord } from './vendor.js';

export interface Evidence {
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  record: VendorRecord;
  webhookSecrets: readonly string[];
  /** How the deliveries of a source prove themselves; those of any other by pyannoteAI’s signature. */
  proofs?: Readonly<Record<string, (delivery: KeptDelivery) => boolean>>;
  /** Jobs whose result is not what the vendor’s record has, if that knows them at all. */
  foreign?: readonly string[];
}

export type KeptDelivery = Pick<DeliveryRow, 'body' | 'headers'>;

interface JobRow {
  id: string;
  kind: string;
  status: JobStatus;
  external_id: string | null;
  result: Record<string, unknown> | null;
  submit_at: Date | null;
  asked_at: Date | null;
  check_at: Date | null;
  deadline_at: Date | null;
  settled_at: Date | null;
}

interface EventRow {
  job_id: string;
  type: string;
  what: { from?: JobStatus };
  cause: { by: string; delivery?: string };
}

interface DeliveryRow {
  id: string;
  source: string;
  delivery_id: string;
  body: Buffer;
  headers: Record<string, string>;
  verdict: string;
  outcome: string | null;
  job_id: string | null;
  due_at: Date | null;
}

interface LedgerRow {
  source: string;
  delivery_id: string;
  inbox_id: string;
  times: number;
}

const FINAL = ['succeeded', 'failed', 'canceled'];
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

/**
 * The seven promises, held against our tables and the vendor's own record, with checks of its own making: nothing here
 * trusts the service's word about itself. Returns what was broken, one sentence each; nothing when all is well.
 */
export async function brokenPromises(evidence: Evidence): Promise<string[]> {
  const jobs = await evidence.query<JobRow>('select * from jobs');
  const events = await evidence.query<EventRow>('select * from events where job_id is not null order by epoch, seq');
  const deliveries = await evidence.query<DeliveryRow>('select * from deliveries');
  const ledger = await evidence.query<LedgerRow>('select * from delivery_ids');
  const facts = { ...evidence, jobs, events, deliveries, ledger };
  return [
    ...ackedMeansKept(facts),
    ...once(facts),
    ...nothingHangs(facts),
    ...nothingUnverified(facts),
    ...nothingThrownAway(facts),
    ...paidWorkOnce(facts),
    ...postgresIsTheTruth(facts),
  ];
}

interface Facts extends Evidence {
  jobs: JobRow[];
  events: EventRow[];
  deliveries: DeliveryRow[];
  ledger: LedgerRow[];
}

const acked = ({ record }: Facts) =>
  record.notices.filter(({ status }) => status !== null && status >= 200 && status < 300);

function ackedMeansKept(facts: Facts): string[] {
  const kept = new Set(facts.deliveries.map((delivery) => sha256(delivery.body)));
  return acked(facts)
    .filter((notice) => !kept.has(sha256(notice.body)))
    .map(
      (notice) =>
        `1 acked means kept: notice ${notice.n} of vendor job ${notice.jobId} got a ${notice.status}, its bytes are nowhere`,
    );
}

function once(facts: Facts): string[] {
  return facts.jobs.flatMap((job) => {
    const problems: string[] = [];
    const moves = facts.events.filter((event) => event.job_id === job.id && isMove(event, job.kind));
    const finals = moves.filter((event) => FINAL.includes(statusOf(event)));
    if (finals.length > 1) problems.push(`2 once: job ${job.id} came to an end ${finals.length} times`);
    // Work that was started elsewhere runs when it is first heard of.
    const isOpened = facts.events.some(({ job_id, type }) => job_id === job.id && type === 'job.opened');
    let status: JobStatus | null = isOpened ? 'running' : null;
    for (const move of moves) {
      const to = statusOf(move);
      if (status === null) {
        if (to !== 'queued') problems.push(`2 once: job ${job.id} began as ${to}`);
      } else if (move.what.from !== status || !allows(status, to)) {
        problems.push(`2 once: job ${job.id} went from ${status} (it says ${move.what.from}) to ${to}`);
      }
      status = to;
    }
    if (status !== job.status)
      problems.push(`2 once: job ${job.id} is ${job.status}, its timeline ends with ${status}`);
    return problems;
  });
}

const allows = (from: JobStatus, to: JobStatus): boolean => MOVES[from].includes(to);

function isMove(event: EventRow, kind: string): boolean {
  return event.type.startsWith(`${kind}.`) && event.type.slice(kind.length + 1) in MOVES && isOwnMove(event);
}

/** A phase may bear the name of a state; a move says where it came from, and the first entry is the beginning. */
function isOwnMove(event: EventRow): boolean {
  return event.what.from !== undefined || event.type.endsWith('.queued');
}

function statusOf(event: EventRow): JobStatus {
  return event.type.slice(event.type.indexOf('.') + 1) as JobStatus;
}

function nothingHangs(facts: Facts): string[] {
  return facts.jobs
    .filter((job) => !FINAL.includes(job.status) && job.status !== 'expired')
    .filter((job) => {
      if (job.status === 'queued' || job.status === 'submitting') return job.submit_at === null;
      return job.deadline_at === null || (job.check_at === null && job.external_id !== null);
    })
    .map((job) => `3 nothing hangs: job ${job.id} is ${job.status} and nothing will ever come back to it`);
}

function nothingUnverified(facts: Facts): string[] {
  const problems: string[] = [];
  for (const delivery of facts.deliveries) {
    const proof = facts.proofs?.[delivery.source];
    if (proof?.(delivery)) continue;
    const signed = `v0:${delivery.headers['x-request-timestamp']}:`;
    const macs = facts.webhookSecrets.map((secret) =>
      createHmac('sha256', secret).update(signed).update(delivery.body).digest(),
    );
    const given = delivery.headers['x-signature'];
    if (proof || !macs.some((mac) => given === mac.toString('hex') || given === mac.toString('base64'))) {
      problems.push(
        `4 nothing unverified: delivery ${delivery.id} is in the inbox with a signature that is not the vendor's`,
      );
    }
  }
  for (const event of facts.events) {
    if (event.cause.by !== 'notice') continue;
    const delivery = facts.deliveries.find(({ id }) => id === event.cause.delivery);
    if (!delivery || delivery.verdict !== 'verified') {
      problems.push(
        `4 nothing unverified: ${event.type} of job ${event.job_id} was caused by a notice that is not in the inbox`,
      );
    }
  }
  return problems;
}

function nothingThrownAway(facts: Facts): string[] {
  const problems: string[] = [];
  const byId = new Map(facts.deliveries.map((delivery) => [delivery.id, delivery]));
  for (const entry of facts.ledger) {
    if (!byId.has(entry.inbox_id))
      problems.push(`5 nothing thrown away: the ledger knows ${entry.delivery_id}, the inbox does not`);
    const sent = acked(facts).filter((notice) => entry.delivery_id.endsWith(sha256(notice.body))).length;
    if (entry.times < sent)
      problems.push(`5 nothing thrown away: ${entry.delivery_id} was acked ${sent} times and counted ${entry.times}`);
  }
  for (const delivery of facts.deliveries) {
    if (delivery.outcome === null && delivery.due_at === null) {
      problems.push(`5 nothing thrown away: delivery ${delivery.id} has no outcome and nobody will work on it`);
    }
  }
  return problems;
}

/** The vendor's own record decides: how many jobs did it take in for one of ours? */
function paidWorkOnce(facts: Facts): string[] {
  const problems: string[] = [];
  const byOurs = new Map<string, string[]>();
  for (const { jobId, request } of facts.record.jobs) {
    if (!request.webhook) continue;
    const ours = new URL(request.webhook).searchParams.get('job') ?? '';
    byOurs.set(ours, [...(byOurs.get(ours) ?? []), jobId]);
  }
  for (const [ours, theirs] of byOurs) {
    if (theirs.length > 1) problems.push(`6 paid work once: job ${ours} was sent ${theirs.length} times`);
    const job = facts.jobs.find(({ id }) => id === ours);
    if (!job) problems.push(`6 paid work once: the vendor works for job ${ours}, which we do not know`);
    else if (job.asked_at === null) problems.push(`6 paid work once: job ${ours} was sent without asked_at`);
    else if (job.external_id !== null && !theirs.includes(job.external_id)) {
      problems.push(`6 paid work once: job ${ours} bears the vendor id of another job`);
    }
  }
  const opened = new Set(facts.events.filter(({ type }) => type === 'job.opened').map(({ job_id }) => job_id));
  const asked = facts.jobs.filter((job) => job.asked_at !== null || opened.has(job.id)).length;
  if (facts.record.jobs.length > asked)
    problems.push(`6 paid work once: ${facts.record.jobs.length} vendor jobs for ${asked} of ours`);
  return problems;
}

function postgresIsTheTruth(facts: Facts): string[] {
  return facts.jobs
    .filter((job) => job.status === 'succeeded' && !facts.foreign?.includes(job.id))
    .filter((job) => {
      const theirs = facts.record.jobs.find(({ jobId }) => jobId === job.external_id);
      return !theirs || !isDeepStrictEqual(given(job, theirs.output), given(job, job.result));
    })
    .map((job) => `7 Postgres is the truth: job ${job.id} succeeded with a result that the vendor never gave`);
}

/** Of a diarization, what is the same in its notice and where it is asked for. */
function given({ kind }: JobRow, result: Record<string, unknown> | null | undefined): unknown {
  return kind === 'training' ? result : result?.diarization;
}
