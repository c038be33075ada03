import { Writable } from 'node:stream';
import { Pace } from '../../../kernel/config/pace.js';
import { parseEnv } from '../../../kernel/config/parse-env.js';
import { ServiceEnv } from '../../../kernel/config/service.env.js';
import type { ProviderJob } from '../../../kernel/jobs/provider.js';
import { AppLogger } from '../../../kernel/observability/app-logger.js';
import { KernelMetrics } from '../../../kernel/observability/kernel-metrics.js';
import { FalClient } from '../fal.client.js';
import { FalEnv } from '../fal.env.js';
import { FalHttp } from '../fal.http.js';

export const KEY = '00000000-1111-2222-3333-444444444444:0123456789abcdef';
export const TRAINER = 'fal-ai/flux-lora-portrait-trainer';
export const JOB_ID = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
export const REQUEST_ID = '00000000-0000-4000-8000-000000000001';
export const CALLBACK = `https://signalbox.example.com/webhooks/fal?job=${JOB_ID}&w=training.t&k=abcd.mac`;
export const REQUEST_PATH = `/${TRAINER}/requests/${REQUEST_ID}`;
export const OUTPUT = { diffusers_lora_file: { url: 'https://v3.fal.media/files/a/lora.safetensors' } };

/** The client as the module builds it, speaking to the given address. */
export function queueStage(
  baseUrl: string,
  { key = KEY, userId = '', service = {} }: { key?: string; userId?: string; service?: Record<string, string> } = {},
) {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const env = parseEnv(FalEnv, { FAL_KEY: key, FAL_USER_ID: userId, FAL_BASE_URL: baseUrl });
  const serviceEnv = parseEnv(ServiceEnv, { LOG_LEVEL: 'trace', ...service });
  const metrics = new KernelMetrics();
  const http = new FalHttp(env, new Pace(serviceEnv));
  const client = new FalClient(http, metrics, new AppLogger(serviceEnv, destination));
  return { client, env, http, metrics, lines };
}

export function aTraining(over: Partial<ProviderJob> = {}): ProviderJob {
  return {
    id: JOB_ID,
    teamId: '019aa0b0-0000-7000-8000-000000000001',
    kind: 'training',
    status: 'running',
    input: { trainer: TRAINER, type: 'portrait', url: 'https://files.example.com/a.zip', inputs: { steps: 2_500 } },
    result: null,
    externalId: REQUEST_ID,
    facts: {},
    labels: {},
    attempt: 1,
    createdAt: new Date('2026-11-21T10:00:00Z'),
    askedAt: new Date('2026-11-21T10:00:01Z'),
    callbackUrl: CALLBACK,
    ...over,
  };
}
