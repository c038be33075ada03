import { Injectable } from '@nestjs/common';
import { Aead } from '../config/aead.js';
import { MasterKey } from '../config/master-key.js';
import { jsonb } from '../database/json-safe.js';
import { openedForCaller } from '../http/problem.js';
import type { Job } from './job.entity.js';
import { ProviderRegistry } from './provider-registry.js';
import { atSecretPath } from './secret-paths.js';

type Part = 'input' | 'result';
type Fields = Record<string, unknown>;
type JobName = Pick<Job, 'id' | 'kind'>;

/**
 * The parts of jobs that a kind calls `secret`: sealed in the table, each for its own job and place, so that no row and no
 * backup shows them; opened for the provider and for the team that owns the job; left out for everybody else.
 */
@Injectable()
export class JobSecrets {
  private readonly aead: Aead;

  constructor(
    private readonly registry: ProviderRegistry,
    masterKey: MasterKey,
  ) {
    this.aead = new Aead(masterKey, 'jobs');
  }

  /** As it is stored. */
  seal(job: JobName, part: Part, value: Fields): Fields {
    const work = (secret: unknown, at: string) =>
      this.aead.seal(Buffer.from(jsonb(secret) ?? 'null', 'utf8'), contextOf(job, part, at));
    return this.each(job, part, value, work);
  }

  /** As it was given. @throws {CannotOpen} when its key is not there (any more) */
  open(job: JobName, part: Part, value: Fields): Fields {
    const work = (sealed: unknown, at: string): unknown =>
      JSON.parse(this.aead.open(String(sealed), contextOf(job, part, at)).toString('utf8'));
    return this.each(job, part, value, work);
  }

  /** The job for its own team. @throws a 503 that says which key is missing */
  opened(job: Job): Job {
    const { input, result } = job;
    return openedForCaller(() => ({
      ...job,
      input: this.open(job, 'input', input),
      result: result && this.open(job, 'result', result),
    }));
  }

  /** The job for lists, and for whoever is not of its team. */
  hidden(job: Job): Job {
    const { input, result } = job;
    const nothing = () => undefined;
    return {
      ...job,
      input: this.each(job, 'input', input, nothing),
      result: result && this.each(job, 'result', result, nothing),
    };
  }

  /** Whether something may be sealed under the previous master key. */
  get isTurning(): boolean {
    return this.aead.isTurning;
  }

  /** The stored parts under the present key; null when they are already. @throws {CannotOpen} */
  renewed(job: Job): Pick<Job, Part> | null {
    let renewed = false;
    const anew = (part: Part, value: Fields) =>
      this.each(job, part, value, (sealed, at) => {
        const text = this.aead.renew(String(sealed), contextOf(job, part, at));
        renewed ||= text !== sealed;
        return text;
      });
    const parts = { input: anew('input', job.input), result: job.result && anew('result', job.result) };
    return renewed ? parts : null;
  }

  private each(job: JobName, part: Part, value: Fields, work: (secret: unknown, at: string) => unknown): Fields {
    return this.registry
      .secretsOf(job.kind, part)
      .reduce((fields, path) => atSecretPath(fields, path, work) as Fields, value);
  }
}

function contextOf({ id }: JobName, part: Part, at: string): string {
  return `job:${id}:${part}:${at}`;
}
