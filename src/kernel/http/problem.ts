import { HttpException } from '@nestjs/common';
import { CannotOpen } from '../config/aead.js';

/** One thing that is wrong with one field; `field` is its path (`voiceprints[2].label`). */
export interface FieldError {
  field: string;
  detail: string;
}

export interface ProblemExtras {
  errors?: readonly FieldError[];
  /** Seconds. */
  retryAfter?: number;
  headers?: Record<string, string>;
}

/** An error that a caller can act on, rendered as RFC 9457 `application/problem+json`. */
export class Problem extends HttpException {
  constructor(
    status: number,
    /** Stable, for programs; `detail` is for people. */
    readonly code: string,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, status);
  }
}

export const invalidRequest = (errors: readonly FieldError[]) =>
  new Problem(400, 'invalid_request', errors.map((error) => `${error.field}: ${error.detail}`).join('; '), { errors });

export const invalidField = (field: string, detail: string) => invalidRequest([{ field, detail }]);

export const unauthorized = (detail: string) =>
  new Problem(401, 'unauthorized', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="signalbox"' } });

export const missingScope = (scope: string) =>
  new Problem(403, 'missing_scope', `this key lacks the scope ${scope}; ask an administrator for a key that has it`);

/** Also for what belongs to another team: its existence is nobody's business. */
export const notFound = (what: string) => new Problem(404, `${what}_not_found`, `there is no such ${what}`);

export const conflict = (code: string, detail: string) => new Problem(409, code, detail);

export const providerNotConfigured = (provider: string, keys: readonly string[]) =>
  new Problem(503, 'provider_not_configured', `${provider} needs ${keys.join(' and ')} in the environment`);

export const unavailable = (detail: string, retryAfter = 5) => new Problem(503, 'unavailable', detail, { retryAfter });

/** What `open` gives. @throws a 503 for what was sealed under a master key that is gone */
export function openedForCaller<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    const fix = 'put the master key from before into SIGNALBOX_MASTER_KEY_PREVIOUS';
    throw new Problem(503, 'secret_sealed', `a secret of it was sealed under a key that is not here; ${fix}`);
  }
}
