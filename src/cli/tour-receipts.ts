import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../version.js';
import type { Tour } from './tour-steps.js';

const RECEIPTS = ['en-01-bakery', 'en-05-market'];
const SHOWN = ['merchant', 'date', 'total', 'tax'] as const;

interface Entry {
  name?: string;
  error?: { code: string; detail: string };
  result?: {
    fields: Record<string, { value: string; confidence: number } | null>;
    items: { text: string; amount: string }[];
    checks: { name: string; ok: boolean; found: string }[];
    needsReview: boolean;
    image: { stages: { name: string; ms: number }[] };
  };
  links?: Record<string, string>;
}

/** Two photos at the same moment, read by what comes with npm. */
export async function readReceipts(tour: Tour): Promise<void> {
  const { url, key, print } = tour;
  const form = new FormData();
  form.append('language', 'en');
  for (const name of RECEIPTS) {
    const bytes = readFileSync(join(projectRoot(), 'samples', 'receipts', `${name}.jpg`));
    form.append('photo', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), `${name}.jpg`);
  }
  const start = performance.now();
  const response = await fetch(`${url}/v1/receipts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, Prefer: 'wait=60' },
    body: form,
  });
  const { photos } = (await response.json()) as { photos?: Entry[] };
  if (response.status !== 200 || !photos) throw new Error(`POST /v1/receipts answered ${response.status}`);
  for (const entry of photos) show(tour, entry);
  print(`   both together: ${((performance.now() - start) / 1_000).toFixed(1)} s, the start of the threads included`);
}

function show({ print, url }: Tour, { name, error, result, links }: Entry): void {
  if (!result) throw new Error(`${name} was not read: ${error?.detail ?? 'not in time'}`);
  print(`   ${name}`);
  for (const field of SHOWN) {
    const read = result.fields[field];
    if (read) print(`     ${field.padEnd(10)} ${read.value}  (${Math.round(read.confidence * 100)} %)`);
  }
  for (const { text, amount } of result.items) print(`     ${text.padEnd(28)} ${amount.padStart(8)}`);
  const checks = result.checks.map(({ name: check, ok }) => `${check} ${ok ? 'ok' : 'WRONG'}`);
  print(
    `     checks     ${checks.join(', ') || 'none'}; ${result.needsReview ? 'a person should look' : 'nobody has to look'}`,
  );
  print(`     took       ${result.image.stages.map((stage) => `${stage.name} ${Math.round(stage.ms)} ms`).join(', ')}`);
  print(`     look       ${url}${links?.overlay ?? ''} (with the key)\n`);
}
