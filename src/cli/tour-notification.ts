import { call } from './tour-steps.js';
import type { Tour } from './tour-steps.js';
import type { TourReceiver, Verified } from './tour-receiver.js';

const DESCRIPTION = 'the demo’s own';
const TOLD = ['diarization.*', 'training.*', 'model.ready'];

interface EndpointAnswer {
  id: string;
  description: string;
  secret: string;
}

/** Asks the service to tell the receiver, in place of those of earlier tours. */
export async function registerReceiver({ url, key, print }: Tour, receiver: TourReceiver): Promise<void> {
  const endpoints = `${url}/v1/endpoints`;
  const { items } = await call<{ items: EndpointAnswer[] }>(`${endpoints}?limit=100`, { key });
  for (const { id } of items.filter(({ description }) => description === DESCRIPTION))
    await call(`${endpoints}/${id}`, { method: 'DELETE', key });
  const body = { url: receiver.url, types: TOLD, description: DESCRIPTION };
  const { secret } = await call<EndpointAnswer>(endpoints, { method: 'POST', key, body });
  receiver.secret = secret;
  print(`   ${receiver.url} is an endpoint now (POST /v1/endpoints), and knows its secret`);
}

/** The notification of a job, as the receiver got it. */
export async function showNotification({ print }: Tour, receiver: TourReceiver, jobId: string): Promise<void> {
  const { id, type, data } = await receiver.toldOf(jobId);
  print(`\n   The notification, as it came to ${receiver.url}:\n`);
  print(`   webhook-id  ${id}`);
  print(`   type        ${type}`);
  print(`   verified    yes, by the package standardwebhooks`);
  print(`   job         ${data.job?.id}, ${data.job?.status}`);
  print(`   speakers    ${speakersIn(data).join(', ')}`);
}

export function lineOf({ id, type, data }: Verified): string {
  return `   told: ${type}, job ${data.job?.id ?? data.model?.jobId} (verified, ${id})`;
}

function speakersIn({ job }: Verified['data']): string[] {
  return [...new Set((job?.result?.diarization ?? []).map(({ speaker }) => speaker))].sort();
}
