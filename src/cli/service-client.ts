import { setTimeout as pause } from 'node:timers/promises';
import { isSettled } from '../kernel/jobs/job-status.js';
import type { JobStatus } from '../kernel/jobs/job-status.js';
import { Mistake } from './mistake.js';

/** The part of a job that a client reads. */
export interface JobSeen {
  id: string;
  status: JobStatus;
  error: { code: string; message: string } | null;
  result?: unknown;
}

/** Where the service is, with which key it is called, and what ends every wait. */
export interface Service {
  /** Without a slash at its end. */
  url: string;
  key: string;
  signal: AbortSignal;
}

/** What a proxy says while the service behind it starts again. */
const PASSING = new Set([429, 502, 503, 504]);
const PAUSE_MS = 1_000;
const TRIES = { submit: 3, wait: 30 };

/** Our own REST API as a client sees it. What goes wrong comes out as a `Mistake`: one sentence for a person. */
export class ServiceClient {
  constructor(private readonly service: Service) {}

  /** Sent again under the same key when nobody answers: still one job. */
  async submit(body: object, idempotencyKey: string): Promise<JobSeen> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await this.persistently('/v1/diarizations', init, { tries: TRIES.submit, passing: new Set() });
    return (await refused(answer)).json() as Promise<JobSeen>;
  }

  /** The job once it is settled, however long that takes. A service that starts again meanwhile is waited for. */
  async settled(id: string): Promise<JobSeen> {
    for (;;) {
      const init = { headers: { prefer: 'wait=60' } };
      const answer = await this.persistently(`/v1/jobs/${id}`, init, { tries: TRIES.wait, passing: PASSING });
      const job = (await (await refused(answer)).json()) as JobSeen;
      if (isSettled(job.status)) return job;
    }
  }

  /** What is there now. @throws {Mistake} */
  async get<T>(path: string, tries = TRIES.submit): Promise<T> {
    const answer = await this.persistently(path, {}, { tries, passing: PASSING });
    return (await refused(answer)).json() as Promise<T>;
  }

  job(id: string): Promise<JobSeen> {
    return this.get(`/v1/jobs/${encodeURIComponent(id)}`);
  }

  /** The result in that form. JSON comes from the job itself where a service has no other forms yet. */
  async result(job: JobSeen, format: string): Promise<AsyncIterable<Uint8Array | string>> {
    const answer = await this.persistently(
      `/v1/jobs/${job.id}/result?format=${format}`,
      {},
      { tries: TRIES.submit, passing: PASSING },
    );
    if (answer.status !== 404) return ended((await refused(answer)).body ?? []);
    await answer.body?.cancel();
    if (format === 'json') return ended([JSON.stringify(job.result)]);
    throw new Mistake(`this service gives results as JSON only, not as ${format}; job ${job.id} has it`);
  }

  /** Sent once: what it does may be done although no answer comes. */
  async post<T>(path: string, body: object): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await this.persistently(path, init, { tries: 1, passing: new Set() });
    return (await refused(answer)).json() as Promise<T>;
  }

  /** One answer, after some tries where none comes, or a passing one. */
  private async persistently(
    path: string,
    init: RequestInit,
    { tries, passing }: { tries: number; passing: ReadonlySet<number> },
  ): Promise<Response> {
    for (let left = tries - 1; ; left--) {
      const answer = await this.ask(path, init).catch((error: unknown) => {
        if (this.service.signal.aborted || left === 0) throw unreachable(this.service.url, error);
        return null;
      });
      if (answer && (left === 0 || !passing.has(answer.status))) return answer;
      await answer?.body?.cancel();
      await pause(PAUSE_MS, undefined, { signal: this.service.signal });
    }
  }

  private ask(path: string, init: RequestInit): Promise<Response> {
    const { url, key, signal } = this.service;
    // Otherwise a kept connection holds the command up for seconds after its last word.
    const headers = { ...init.headers, authorization: `Bearer ${key}`, connection: 'close' };
    return fetch(`${url}${path}`, { ...init, headers, signal, redirect: 'manual' });
  }
}

/** How a job that is settled has not succeeded. */
export function endOf({ id, status, error }: JobSeen): string {
  return `the job ended as ${status}${error ? `: ${error.code}: ${error.message}` : ''} (job ${id})`;
}

/** The answer, if it is one that was hoped for. @throws {Mistake} with what the service says is wrong */
async function refused(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw new Mistake(sentenceFor(answer.status, await answer.text()));
}

/** What a refusal means for the person at the terminal. */
export function sentenceFor(status: number, body: string): string {
  if (status === 401) {
    return 'the service does not take this key; signalbox keys create --name … makes one, to be given as SIGNALBOX_KEY or --key';
  }
  return `the service says ${status}: ${detailIn(body) ?? 'and no more; is it a Signalbox?'}`;
}

export const ADVICE = 'is the service running there? Name another with --url';

/** That a request got no answer, with the system's word for why. */
export function noAnswer(url: string, error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause ?? (error as { code?: unknown } | null);
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : '';
  return `nothing answers at ${url}${code}`;
}

/** What a request failed of that got no answer. */
export function unreachable(url: string, error: unknown): Mistake {
  return new Mistake(`${noAnswer(url, error)}; ${ADVICE}`);
}

function detailIn(body: string): string | null {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}

/** With a line end, so that the next prompt stands on a line of its own. */
async function* ended(pieces: Iterable<string> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | string> {
  let last: string | Uint8Array = '';
  for await (const piece of pieces) yield (last = piece);
  const end = typeof last === 'string' ? last.at(-1) : String.fromCharCode(last.at(-1) ?? 0);
  if (end !== '\n') yield '\n';
}
