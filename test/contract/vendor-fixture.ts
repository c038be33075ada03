import type { Change } from '../../src/kernel/jobs/change.js';
import type { Headers, InboundSource } from '../../src/kernel/webhooks/inbound-source.js';
import type { JobProvider } from '../../src/kernel/jobs/provider.js';
import type { Heard, Reply, TinyVendor } from './tiny-vendor.js';

/** A notice as its vendor would sign it. */
export interface SourceFixture {
  name: string;
  /** Variables that `missingKeys()` names while nothing is set. */
  needs: readonly string[];
  /** The headers of a genuine notice that was sent at that time. */
  sign(body: Buffer, sentAtSeconds: number): Record<string, string>;
  /** The headers without which nothing is believed. */
  proof: readonly string[];
  /** The vendor signs the bytes; false where a header proves the sender alone and the bytes cannot be checked. */
  signsBody: boolean;
  /** Seconds after which a signature counts no more; null where the vendor signs no time. */
  maxAge: number | null;
}

/** Something that happens to a job at the vendor. */
export interface EventFixture {
  name: string;
  kind: string;
  /** The notice of it; absent where the vendor sends none. */
  notice?: { source: string; body: object };
  /** How the vendor answers whoever asks about the job afterwards. */
  shows: (request: Heard) => Reply;
  /** Where it leads: a state, nowhere (`open`), or a word that the provider must not understand (`unknown`). */
  to: NonNullable<Change['to']> | 'open' | 'unknown';
}

export interface ProviderFixture {
  name: string;
  needs: readonly string[];
  /** What is asked for, per kind. */
  inputs: Readonly<Record<string, Record<string, unknown>>>;
  /** The vendor's id of the job in all events. */
  externalId: string;
  /** Whether this request is the one that is paid for. */
  costs(request: Heard): boolean;
  /** How the vendor answers when it takes a job. */
  takes: (request: Heard) => Reply;
  /** Events; between them every word that the vendor documents, and one that it does not. */
  events: readonly EventFixture[];
}

/** Everything that the contract suite has to know of a vendor. One file each in `fixtures/`. */
export interface VendorFixture {
  vendor: string;
  /** A server that answers beside the stand-in whatever the suite does, such as one with public keys. */
  beside?: { start(): Promise<unknown>; stop(): Promise<void> };
  /** What makes it configured, with its stand-in listening at `url`; asked once `beside` listens. */
  env(url: string): Record<string, string>;
  sources: readonly SourceFixture[];
  provider?: ProviderFixture;
}

/** A vendor's two halves. */
export interface Halves {
  provider?: JobProvider;
  sources: readonly InboundSource[];
}

/** What one run of the suite works on. */
export interface Stage extends Halves {
  tiny: TinyVendor;
  /** The same vendor with none of its variables set. */
  bare: Halves;
  /** Changes with every row of the database that is written; absent where there is no database to write to. */
  fingerprint?(): Promise<string>;
}

export const asHeaders = (headers: Record<string, string>): Headers => headers;
