import { Writable } from 'node:stream';
import { Pace } from '../../../kernel/config/pace.js';
import { parseEnv } from '../../../kernel/config/parse-env.js';
import { ServiceEnv } from '../../../kernel/config/service.env.js';
import type { ProviderJob, VerifiedNotice } from '../../../kernel/jobs/provider.js';
import { AppLogger } from '../../../kernel/observability/app-logger.js';
import { KernelMetrics } from '../../../kernel/observability/kernel-metrics.js';
import { Limiter } from '../../../kernel/queue/limiter.js';
import type { Limit } from '../../../kernel/queue/limiter.js';
import { PyannoteClient } from '../pyannote.client.js';
import { PyannoteEnv } from '../pyannote.env.js';
import { PyannoteHttp } from '../pyannote.http.js';
import { PyannoteLimits } from '../pyannote.limits.js';
import { PyannoteProvider } from '../pyannote.provider.js';
import { PyannoteStorage } from '../pyannote.storage.js';
import { PyannoteUploads } from '../pyannote.uploads.js';
import { FilesOfOne, TEAM } from './files-of-one.js';
import { LibraryOf } from './library-of.js';

export const KEY = 'sk_0123456789abcdef0123456789abcdef';
export const JOB_ID = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
export const VENDOR_ID = '00000000-0000-4000-8000-000000000001';
export const CALLBACK = `https://signalbox.example.com/webhooks/pyannote?job=${JOB_ID}&w=diarization.t&k=abcd.mac`;
export const TURNS = [{ speaker: 'SPEAKER_00', start: 1.2, end: 3.4 }];

/** Counts, and is full when it is told so. */
export class CountingLimiter extends Limiter {
  readonly taken: string[] = [];
  full = 0;

  take(limit: Limit): Promise<number> {
    if (this.full === 0) this.taken.push(limit.name);
    return Promise.resolve(this.full);
  }
}

export const paceOf = (service: Record<string, string> = {}) => new Pace(parseEnv(ServiceEnv, service));

/** The client and the provider over it, as the module builds them, speaking to the given address. */
export function stage(
  baseUrl: string,
  service: Record<string, string> = {},
  files = new FilesOfOne(),
  vendor: Record<string, string> = {},
) {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const env = parseEnv(PyannoteEnv, { PYANNOTEAI_API_KEY: KEY, PYANNOTEAI_BASE_URL: baseUrl, ...vendor });
  const serviceEnv = parseEnv(ServiceEnv, { LOG_LEVEL: 'trace', ...service });
  const limiter = new CountingLimiter();
  const metrics = new KernelMetrics();
  const pace = new Pace(serviceEnv);
  const client = new PyannoteClient(
    new PyannoteHttp(env, pace),
    new PyannoteStorage(pace),
    new PyannoteLimits(limiter),
    metrics,
    new AppLogger(serviceEnv, destination),
  );
  const uploads = new PyannoteUploads(client, files.service, pace);
  const library = new LibraryOf();
  const provider = new PyannoteProvider(client, uploads, library.service, env);
  return { client, provider, library, limiter, metrics, lines };
}

export function aJob(over: Partial<ProviderJob> = {}): ProviderJob {
  return {
    id: JOB_ID,
    teamId: TEAM,
    kind: 'diarization',
    status: 'running',
    input: { url: 'https://files.example.com/a.wav' },
    result: null,
    externalId: VENDOR_ID,
    facts: {},
    labels: {},
    attempt: 1,
    createdAt: new Date('2026-11-21T10:00:00Z'),
    askedAt: null,
    callbackUrl: CALLBACK,
    ...over,
  };
}

export function aNotice(body: unknown): VerifiedNotice {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return { source: 'pyannote', headers: {}, body: bytes, receivedAt: new Date('2026-11-21T10:05:00Z') };
}
