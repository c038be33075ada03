import { createHash } from 'node:crypto';
import type { TourReceiver } from './tour-receiver.js';
import { portraits } from './tour-portraits.js';
import { call, follow, order } from './tour-steps.js';
import type { Tour } from './tour-steps.js';

const IMAGES = 10;
/** Real time: long enough that the vendor is asked once on the way, also on a busy machine. A training takes minutes and more, the stand-in's one. */
const TRAINING_MS = 9_000;

interface ModelAnswer {
  id: string;
  trainer: string;
  triggerWord: string;
  files: { role: string; name: string; size: number; sha256: string; links: { content: string } }[];
}

/** Trains a portrait on uploaded images; downloads the model that it made. */
export async function trainPortrait(tour: Tour, receiver: TourReceiver): Promise<void> {
  const { print, sandboxUrl } = tour;
  const files = await uploadImages(tour);
  print(`   ${files.length} images are uploaded, each different (POST /v1/files)`);
  const fault = { vendor: 'fal', fault: 'processing', ms: TRAINING_MS };
  await call(`${sandboxUrl}/sandbox/faults`, { method: 'POST', body: fault });
  const id = await order(tour, '/v1/trainings', { type: 'portrait', files, triggerWord: 'annaphoto' });
  const { price } = await follow(tour, id);
  print(`   estimated at ${price} US dollars; the notice was signed by Ed25519, under a key of the vendor’s list`);
  const told = await receiver.toldOf(id, 'model.ready');
  print(`   told: ${told.type}, model ${told.data.model?.id} (verified, ${told.id})\n`);
  await download(tour, told.data.model?.id ?? '');
}

async function uploadImages({ url, key }: Tour): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, body] of (await portraits(IMAGES)).entries()) {
    const path = `${url}/v1/files?name=anna-${index + 1}.jpg`;
    ids.push((await call<{ id: string }>(path, { method: 'POST', key, body, mediaType: 'image/jpeg' })).id);
  }
  return ids;
}

/** From our storage, not the vendor's. @throws when other bytes come than were copied */
async function download({ url, key, print }: Tour, id: string): Promise<void> {
  const model = await call<ModelAnswer>(`${url}/v1/models/${id}`, { key });
  print(`   ${model.trainer} learned the word ${model.triggerWord}. Downloaded from ${url}/v1/models/…:\n`);
  for (const { name, sha256, links } of model.files) {
    const answer = await fetch(`${url}${links.content}`, { headers: { Authorization: `Bearer ${key}` } });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== sha256) throw new Error(`${name} of model ${id} came with the SHA-256 ${digest}, not ${sha256}`);
    print(`   ${name.padEnd(33)} ${String(bytes.length).padStart(7)} bytes  SHA-256 ${digest}`);
  }
}
