/** The one destination that the kernel knows itself; all others are in `src/destinations`. */
export const WEBHOOK = 'webhook';

/** Where and what, at the moment of sending. */
export interface Outgoing {
  /** The address of the endpoint, in the words of its destination. */
  url: string;
  /** The `webhook-id`: the same on every attempt. */
  id: string;
  type: string;
  /** When it happened; ISO 8601. */
  timestamp: string;
  data: Readonly<Record<string, unknown>>;
  /** Unix seconds of this attempt. */
  attemptedAt: number;
  /** `whsec_…`, newest first; none where the destination does not sign. */
  secrets: readonly string[];
  /** Where people can look it up; null without a PUBLIC_URL. */
  link: string | null;
  timeoutMs: number;
}

/** What came of one attempt. */
export interface SendResult {
  /** `gone`: never again (410, an address that refuses for good): the endpoint is disabled. */
  outcome: 'delivered' | 'failed' | 'gone';
  /** Of HTTP, or the reply code of SMTP; null where there was no answer. */
  status: number | null;
  /** Why it failed, for people; without secrets. */
  error: string | null;
  /** The first bytes of the answer, as text. */
  answer: string | null;
  /** The answer's own wish; milliseconds. */
  retryAfterMs?: number;
  /** Nothing was sent because of us: the endpoint is not to blame. */
  isOurFault?: boolean;
}

/** A way to tell a team. Another one is one file in `src/destinations` and its line in `enabled.ts`. */
export interface Destination {
  /** `webhook`, `slack`, `email`, … */
  readonly name: string;
  /** Whether its messages are signed: its endpoints then have secrets. */
  readonly signs: boolean;
  /** One line for the documents: what its `url` is. */
  readonly about: string;
  /** Environment variables that are needed and not set. */
  missingKeys(): readonly string[];
  /** What is wrong with an address; null when nothing is. */
  fault(url: string): string | null;
  /** The address as it may be shown: without what only its owner may know. */
  shown(url: string): string;
  /** One attempt. Fails by its answer; what it throws counts as failed too. */
  send(message: Outgoing): Promise<SendResult>;
}
