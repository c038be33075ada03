/** A vendor's limit on one of its endpoints. */
export interface Limit {
  /** `provider:endpoint`, for example `pyannote:post`. */
  name: string;
  max: number;
  windowMs: number;
}

/** Shared by every verb and, with Redis, by every replica. */
export abstract class Limiter {
  /** Takes one place. Returns 0 when it was free, else the milliseconds until one may be. */
  abstract take(limit: Limit): Promise<number>;
}
