import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { fitted } from '../../kernel/jobs/announced-job.js';
import type { AnnouncedJobView } from '../../kernel/jobs/announced-job.js';
import { isSettled } from '../../kernel/jobs/job-status.js';
import type { JobStatus } from '../../kernel/jobs/job-status.js';
import { Job } from '../../kernel/jobs/job.entity.js';
import { jobListView } from '../../kernel/jobs/job.view.js';

/** What is asked of a vendor, and what it answers. */
interface Work {
  provider: string;
  input: Record<string, unknown>;
  result: Record<string, unknown>;
  /** Its phases that subscribers are told of. */
  phases?: readonly string[];
}

const URL = 'https://files.example.com/weekly.wav';
const TURNS = [
  { speaker: 'SPEAKER_00', start: 0.31, end: 2.46 },
  { speaker: 'SPEAKER_01', start: 2.87, end: 4.82 },
];
const MATCHED = [
  { ...TURNS[0], speaker: 'Anna', diarizationSpeaker: 'SPEAKER_00', match: 'Anna' },
  { ...TURNS[1], diarizationSpeaker: 'SPEAKER_01', match: null },
];

const TRAINING = {
  type: 'portrait',
  trainer: 'fal-ai/flux-lora-portrait-trainer',
  url: 'https://files.example.com/anna.zip',
  inputs: { trigger_phrase: 'ohwx', steps: 2_500 },
};
const TRAINED = {
  diffusers_lora_file: {
    url: 'https://v3.fal.media/files/sample/pytorch_lora_weights.safetensors',
    content_type: 'application/octet-stream',
    file_name: 'pytorch_lora_weights.safetensors',
    file_size: 143_968_000,
  },
  config_file: { url: 'https://v3.fal.media/files/sample/config.json', content_type: 'application/json' },
};

/** One for each kind of job; a kind without one has samples too, with nothing in them. */
export const WORK: Readonly<Record<string, Work>> = {
  diarization: { provider: 'pyannote', input: { url: URL }, result: { diarization: TURNS } },
  identification: {
    provider: 'pyannote',
    input: { url: URL, voiceprints: [{ label: 'Anna' }] },
    result: { diarization: TURNS, identification: MATCHED },
  },
  receipt: {
    provider: 'photos',
    input: { url: 'https://files.example.com/receipt.jpg', reader: 'ocr' },
    result: { reader: 'ocr', isReceipt: true, fields: { total: { value: '41.50', confidence: 0.98, box: null } } },
  },
  // The print itself is told to nobody.
  voiceprint: { provider: 'pyannote', input: { url: URL, label: 'Anna' }, result: {} },
  training: { provider: 'fal', input: TRAINING, result: TRAINED, phases: ['in_progress'] },
};

const FAILURE = { code: 'vendor_failed', message: 'The audio could not be loaded.' };
const SECOND = 1_000;

/** A job as its team is told of it, marked by the label `sample`. */
export function sampleJob(
  kind: string,
  { status, phase = null }: { status: JobStatus; phase?: string | null },
  now: Date,
) {
  const at = (second: number) => new Date(now.getTime() + second * SECOND);
  const { provider, input, result } = WORK[kind] ?? { provider: 'sample', input: {}, result: {} };
  const isOver = isSettled(status);
  const job = Object.assign(new Job(), {
    ...{ id: uuidv7(), kind, status, phase, provider, input, progress: null },
    externalId: randomUUID(),
    result: status === 'succeeded' ? result : null,
    resultSize: null,
    error: status === 'failed' ? FAILURE : null,
    facts: {},
    labels: { sample: 'true' },
    price: null,
    batchId: null,
    webhook: true,
    createdAt: at(-65),
    startedAt: at(-64),
    settledAt: isOver ? now : null,
    deadlineAt: at(24 * 60 * 60 - 64),
    checkAt: isOver ? null : at(120),
    cancelRequestedAt: status === 'canceled' ? at(-5) : null,
  });
  const told: AnnouncedJobView = fitted({ ...jobListView(job), result: job.result });
  return told;
}
