import { createHash } from 'node:crypto';
import { jsonb } from '../database/json-safe.js';
import type { Headers } from './inbound-source.js';

/** Secrets whatever the vendor: never kept in clear. */
const ALWAYS_SECRET = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** The headers as they are kept, as JSON text: secret values only as SHA-256. */
export function headersToKeep(headers: Headers, secretHeaders: readonly string[]): string {
  const kept: Record<string, string | string[]> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined) continue;
    kept[name] = ALWAYS_SECRET.has(name) || secretHeaders.includes(name) ? hashed(value) : value;
  }
  const text = JSON.stringify(kept);
  return text.includes('\\u') ? (jsonb(kept) ?? '{}') : text;
}

function hashed(value: string | string[]): string {
  return `sha256:${createHash('sha256').update(String(value)).digest('hex')}`;
}
