import type { Change } from '../../../src/kernel/jobs/change.js';

type Fields = Record<string, unknown>;

/** Total: any bytes in, the fields of a JSON object or null out. */
export function fieldsFrom(bytes: Buffer): Fields | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]_[a-z0-9]{1,40}$/.test(value);
}

/** What the vendor's word about a drawing means; null for a word that it never told us of. */
export function changeFrom(drawing: Fields): Change | null {
  const { state, picture, why } = drawing;
  const named = isId(drawing.drawing) ? { externalId: drawing.drawing } : {};
  const message = typeof why === 'string' ? why.slice(0, 500) : 'the toy vendor gave no reason';
  if (state === 'accepted' || state === 'stopping') return { to: 'running', ...named };
  if (state === 'sketched') return { to: 'running', phase: 'sketched', progress: 0.5, ...named };
  if (state === 'done')
    return { to: 'succeeded', ...(typeof picture === 'string' ? { result: { picture } } : {}), ...named };
  if (state === 'spoiled') return { to: 'failed', error: { code: 'vendor_failed', message }, ...named };
  if (state === 'stopped') return { to: 'canceled', ...named };
  return null;
}
