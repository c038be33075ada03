/**
 * Postgres' jsonb and text refuse NUL and lone surrogates (22P05, 22021). Vendors and callers can send both inside valid
 * JSON, so what we store is made well-formed first: each becomes U+FFFD. The exact bytes of a notice stay in the inbox.
 */
export function wellFormed(text: string): string {
  const formed = text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '\uFFFD') : formed;
}

/** Deeper than any real answer; recursion stops here rather than in the engine. */
const MAX_DEPTH = 200;

/** @throws {RangeError} when the value is nested deeper than 200 levels */
export function jsonSafe(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.map((item) => jsonSafe(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), jsonSafe(item, depth + 1)]));
}

/** A value as a jsonb parameter; null stays SQL null. */
export function jsonb(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(jsonSafe(value));
}
