import { Injectable } from '@nestjs/common';
import type { Change } from '../../kernel/jobs/change.js';
import { isFinal } from '../../kernel/jobs/job-status.js';
import type { Asking, JobProvider, KindSpec, ProviderJob, VerifiedNotice } from '../../kernel/jobs/provider.js';
import { diarization } from './diarization.kind.js';
import { identification } from './identification.kind.js';
import { fieldsOf, readJson, textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';
import { isVendorId } from './pyannote.answers.js';
import { changeFrom, ended, succeeded, unknownThere, warned } from './pyannote.changes.js';
import { PyannoteClient } from './pyannote.client.js';
import { PyannoteEnv } from './pyannote.env.js';
import { listed } from './pyannote.list.js';
import { PyannoteUploads } from './pyannote.uploads.js';
import { standingOf } from './pyannote.words.js';
import type { End } from './pyannote.words.js';
import { specOf } from './speaker-kind.js';
import type { SpeakerKind } from './speaker-kind.js';
import { VoiceprintLibrary } from './voiceprint-library.js';
import { voiceprint } from './voiceprint.kind.js';

const KINDS: readonly SpeakerKind[] = [diarization, identification, voiceprint];

/** pyannoteAI: tells who speaks when, and knows voices again. It has no idempotency key and no way to cancel. */
@Injectable()
export class PyannoteProvider implements JobProvider {
  readonly name = 'pyannote';
  readonly kinds: readonly KindSpec[] = KINDS.map(specOf);
  /** Of 300 questions a minute; the rest is left for outputs that notices do not carry. */
  readonly checksPerMinute = 240;
  readonly follows = ['voiceprint.succeeded'];

  constructor(
    private readonly client: PyannoteClient,
    private readonly uploads: PyannoteUploads,
    private readonly library: VoiceprintLibrary,
    private readonly env: PyannoteEnv,
  ) {}

  missingKeys(): readonly string[] {
    return this.env.PYANNOTEAI_API_KEY === '' ? ['PYANNOTEAI_API_KEY'] : [];
  }

  /** Notices that cannot be verified are refused: better to ask than to wait for them. */
  isTold(): boolean {
    return this.env.PYANNOTEAI_WEBHOOK_SECRETS.length > 0;
  }

  async submit(job: ProviderJob, asking: Asking): Promise<Change> {
    const kind = kindOf(job);
    const source = typeof job.input.file === 'string' ? { url: await this.uploads.addressOf(job, job.input.file) } : {};
    const body = { ...kind.body(job.input), ...source, ...address(kind, job) };
    await this.client.reserve();
    await asking();
    const created = await this.client.submit(kind.path, body);
    this.uploads.forget(job.id);
    const standing = standingOf(created.status);
    const phase = standing && 'open' in standing ? { phase: standing.open } : {};
    return { to: 'running', externalId: created.jobId, ...phase, ...warned(created.warning) };
  }

  async interpret(notice: VerifiedNotice, job: ProviderJob): Promise<Change | null> {
    const told = fieldsOf(readJson(notice.body));
    const standing = standingOf(told?.status);
    if (!told || !standing) return null;
    const named = isVendorId(told.jobId) ? { externalId: told.jobId } : {};
    if ('open' in standing) return { to: 'running', phase: standing.open, ...named };
    // A repeat of old news is not worth a question to the vendor.
    if (isFinal(job.status)) return { to: standing.ended, ...named };
    const id = named.externalId ?? job.externalId;
    return { ...(await this.ending(kindOf(job), standing.ended, fieldsOf(told.output), id)), ...named };
  }

  async check(job: ProviderJob): Promise<Change | null> {
    if (job.externalId === null) return null;
    const found = await this.client.job(job.externalId);
    return found ? changeFrom(kindOf(job), found) : unknownThere(job.facts);
  }

  checkMany(jobs: readonly ProviderJob[]): Promise<Map<string, Change | null>> {
    return listed(
      this.client,
      jobs,
      (job) => this.check(job),
      (job) => kindOf(job).isHuge(job.input),
    );
  }

  /** A print that was made under somebody's name is kept under it, unless the caller did not want that. */
  async after({ id: jobId, teamId, input, result }: ProviderJob): Promise<void> {
    const label = textOf(input.label);
    if (input.library === false || label === null) return;
    const print = textOf(result?.voiceprint);
    if (print === null) throw new Error('the result has no voiceprint that could be kept');
    await this.library.keep({ jobId, teamId, label, print });
  }

  private async ending(kind: SpeakerKind, end: End, output: Fields | null, id: string | null): Promise<Change> {
    if (end !== 'succeeded') return (id === null ? null : await this.reason(kind, id)) ?? ended(end, output);
    const change = succeeded(kind, output);
    return change.result || id === null ? change : this.fetched(kind, id);
  }

  /** The output that the notice left out. @throws while the vendor's answer lags behind its own notice */
  private async fetched(kind: SpeakerKind, id: string): Promise<Change> {
    const found = await this.client.job(id);
    if (!found) return succeeded(kind, null);
    const change = changeFrom(kind, found);
    if (!change || change.to === 'running') throw new Error('pyannote says succeeded and shows the job as open');
    return change;
  }

  /** Notices of failure carry no reason. One question; the end itself is known already, so nothing is owed to it. */
  private async reason(kind: SpeakerKind, id: string): Promise<Change | null> {
    try {
      const found = await this.client.job(id);
      const change = found && changeFrom(kind, found);
      return change?.to === 'failed' || change?.result || change?.resultStream ? change : null;
    } catch {
      return null;
    }
  }
}

function kindOf(job: ProviderJob): SpeakerKind {
  const found = KINDS.find(({ kind }) => kind === job.kind);
  if (!found) throw new Error(`pyannote does no jobs of kind ${job.kind}`);
  return found;
}

/** No secret comes in a notice, which is kept as it came. */
function address(kind: SpeakerKind, { callbackUrl, input }: ProviderJob): object {
  if (callbackUrl === null) return {};
  const statusOnly = kind.secret?.result !== undefined || kind.isHuge(input);
  return { webhook: callbackUrl, ...(statusOnly ? { webhookStatusOnly: true } : {}) };
}
