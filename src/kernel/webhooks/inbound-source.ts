import type { VerifiedNotice } from '../jobs/provider.js';
import type { CallbackClaim } from '../jobs/callback.js';
import type { OpenedWork } from '../jobs/job-opening.js';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** One inbound HTTP request from a vendor, as it came. */
export interface Notice extends VerifiedNotice {
  /** What our own signature on the address says; null without a valid one. */
  callback: CallbackClaim | null;
  address: string;
  /** Of the request that brought it; for log lines. */
  requestId?: string;
}

/** What a source can tell of a notice without deciding anything. */
export interface Identity {
  /** The vendor's own id of this notice where it is unique, else the body's SHA-256. */
  deliveryId: string;
  /** Vendor ids that the notice is about. */
  refs: readonly string[];
  /** How the vendor says that it sends this again; reasons from a closed set of the source. */
  retry?: { number: string; reason: string };
  /**
   * The work that it tells of, where that may have been started elsewhere: a job is opened for it, in `running`, unless one
   * is known by that id. `refs` must have its `externalId`. Without it, a notice for a job that nobody knows waits.
   */
  opens?: OpenedWork;
}

/** The signature is wrong, missing or stale: 401. */
export class RefusedNotice extends Error {
  /**
   * @param reason from a closed set (`missing_signature`, `wrong_signature`, `stale`, …): it becomes a metric's label
   * @param genuine the signature itself was right and only its time is stale: the job it names is checked at once
   */
  constructor(
    readonly reason: string,
    detail: string,
    readonly genuine = false,
  ) {
    super(detail);
  }
}

/** We cannot tell now, for example while the key set is out of reach: 503, the vendor tries again. */
export class CannotVerifyNow extends Error {}

/** Where notices of one vendor come in. */
export interface InboundSource {
  /** Part of the address: `/webhooks/<name>`. */
  readonly name: string;
  /** The provider whose jobs it feeds. */
  readonly provider: string;
  /** Original addresses that stay reachable, for example `/webhook`. */
  readonly paths: readonly string[];
  /** Headers whose values are secrets: kept only as SHA-256. Lower case. */
  readonly secretHeaders: readonly string[];
  /** Environment variables that are needed and not set; while there are any, the address answers 503. */
  missingKeys(): readonly string[];
  /** False: nobody wants it, and its addresses answer 404 as if there were none. Offered when absent. */
  isOffered?(): boolean;
  /** @throws {RefusedNotice} or {CannotVerifyNow}. Never parses the body, never touches the database. */
  verify(headers: Headers, body: Buffer): void | Promise<void>;
  /** Total: any bytes. Null when it is nothing that the source knows. */
  identify(headers: Headers, body: Buffer): Identity | null;
  /**
   * How a verified notice contradicts itself, for people; null when it does not. One that does is kept as `mismatch` and
   * touches no job. Total; asked when it is worked on, because `verify` does not parse.
   */
  contradiction?(headers: Headers, body: Buffer): string | null;
  /** When the vendor says that it sent this, by its own clock; asked after `verify`. Total: null when it does not say. */
  sentAt?(headers: Headers, body: Buffer): Date | null;
  /** News that is no job's. Repeatable; `again` asks for another try after so many seconds. */
  handle?(notice: Notice): Promise<void | { again: number }>;
  /** A header that proves by itself that the sender is genuine, seen before the body is read. */
  provesItself?(headers: Headers): boolean;
}
