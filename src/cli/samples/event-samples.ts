import { v7 as uuidv7 } from 'uuid';
import { announcedTypes } from '../../kernel/jobs/announced-types.js';
import { BATCH_FINISHED } from '../../kernel/jobs/batches/batch-progress.js';
import { JOB_STATUSES } from '../../kernel/jobs/job-status.js';
import type { JobStatus } from '../../kernel/jobs/job-status.js';
import type { ProviderRegistry } from '../../kernel/jobs/provider-registry.js';
import { EventTypes } from '../../kernel/notifications/event-types.js';
import type { EventType } from '../../kernel/notifications/event-types.js';
import { WORK, sampleJob } from './job-samples.js';

type Data = Record<string, unknown>;

const endpoint = () => ({ id: uuidv7(), url: 'https://app.example.com/hooks/signalbox' });

/** What is no job’s. Another one is one line. */
const OTHERS: Readonly<Record<string, () => Data>> = {
  'endpoint.test': () => ({ endpoint: { ...endpoint(), types: ['*'] }, message: 'This is a sample.' }),
  'endpoint.disabled': () => {
    const trouble = { failures: 12, reason: 'no success for five days' };
    return { endpoint: { ...endpoint(), destination: 'webhook', ...trouble } };
  },
  [BATCH_FINISHED]: () => {
    const [id, counts] = [uuidv7(), { failed: 1, succeeded: 9 }];
    const labels = { sample: 'true' };
    return { batch: { id, kind: 'diarization', labels, total: 10, counts, links: { self: `/v1/batches/${id}` } } };
  },
  'model.ready': () => ({ model: sampleModel() }),
};

function sampleModel(): Data {
  const [id, jobId, now] = [uuidv7(), uuidv7(), new Date().toISOString()];
  const file = (role: string, name: string, size: number) => {
    const links = { content: `/v1/models/${id}/files/${role}` };
    return { role, name, size, sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae', links };
  };
  return {
    ...{ id, state: 'ready', jobId, type: 'portrait', trainer: 'fal-ai/flux-lora-portrait-trainer' },
    ...{ triggerWord: 'ohwx', baseModel: 'FLUX.1 [dev]', finetuneId: null, createdAt: now, readyAt: now },
    links: { self: `/v1/models/${id}`, job: `/v1/jobs/${jobId}` },
    ...{ kind: 'training', labels: { sample: 'true' } },
    files: [file('config', 'config.json', 4_096), file('lora', 'pytorch_lora_weights.safetensors', 143_968_000)],
  };
}

/** What is known without a service to ask. */
export function builtInTypes(): EventType[] {
  const kinds: Pick<ProviderRegistry, 'kindNames' | 'announcedPhases'> = {
    kindNames: () => Object.keys(WORK),
    announcedPhases: () => new Set<string>(),
  };
  const types = new EventTypes();
  types.add(announcedTypes(kinds as ProviderRegistry));
  types.add([{ type: 'model.ready', about: 'a model is here with all its files' }]);
  return [...types.all()];
}

/** A notification as an endpoint gets it, of nothing that is. Null for what is no event type. */
export function sampleMessage(type: string, now: Date): { type: string; timestamp: string; data: Data } | null {
  const data = OTHERS[type]?.() ?? jobData(type, now);
  return data && { type, timestamp: now.toISOString(), data };
}

/** `<kind>.<status>` and `<kind>.<phase>`. */
function jobData(type: string, now: Date): Data | null {
  const [, kind, word] = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$/.exec(type) ?? [];
  if (kind === undefined || word === undefined) return null;
  const isStatus = (JOB_STATUSES as readonly string[]).includes(word);
  const state = isStatus ? { status: word as JobStatus } : { status: 'running' as const, phase: word };
  return { job: sampleJob(kind, state, now) };
}
