import type { ProviderJob, VerifiedNotice } from '../../../kernel/jobs/provider.js';
import type { TrainingImages } from '../fal.images.js';
import { FalProvider } from '../fal.provider.js';
import { FalRequests } from '../fal.requests.js';
import type { ModelLibrary } from '../models/model-library.js';
import { REQUEST_ID, queueStage } from './queue-stage.js';

export const ZIP = 'https://v3.fal.media/files/images.zip';

/** Images that have an address, and a library that remembers: what the provider asks of them, and nothing else. */
class Neighbours {
  readonly kept: string[] = [];
  readonly forgotten: string[] = [];
  addressOf = (): Promise<string> => Promise.resolve(ZIP);
  forget = (jobId: string): void => void this.forgotten.push(jobId);

  get images(): TrainingImages {
    return this as unknown as TrainingImages;
  }

  get library(): ModelLibrary {
    return this as unknown as ModelLibrary;
  }

  keep(job: ProviderJob): Promise<void> {
    this.kept.push(job.id);
    return Promise.resolve();
  }
}

/** The provider as the module builds it, over a queue at the given address. */
export function providerStage(baseUrl: string, options: Parameters<typeof queueStage>[1] = {}) {
  const { client, env } = queueStage(baseUrl, options);
  const neighbours = new Neighbours();
  const requests = new FalRequests(client, env);
  const { images, library } = neighbours;
  return { provider: new FalProvider(client, requests, images, library, env), neighbours };
}

/** A notice as it lies in the inbox: of the vendor, or of a relay. */
export function aNotice(body: unknown, source = 'fal'): VerifiedNotice {
  const named = typeof body === 'object' && body !== null ? { request_id: REQUEST_ID, ...body } : body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(named));
  return { source, headers: {}, body: bytes, receivedAt: new Date('2026-11-21T10:05:00Z') };
}
