import { isIP } from 'node:net';
import { FetchFailed } from '../guarded-fetch.errors.js';
import { GuardedFetch } from '../guarded-fetch.js';
import type { GuardedAnswer, GuardedRequest } from '../guarded-fetch.js';
import type { Resolve } from '../outside-address.js';

/** What a name means, look-up by look-up; the last answer stays. */
export class Names {
  readonly asked: string[] = [];

  constructor(private readonly answers: readonly (readonly string[])[] = [['127.0.0.1']]) {}

  readonly resolve: Resolve = (host) => {
    const addresses = this.answers[Math.min(this.asked.length, this.answers.length - 1)] ?? [];
    this.asked.push(host);
    return Promise.resolve(addresses.map((address) => ({ address, family: isIP(address) })));
  };
}

export interface Circumstances {
  resolve?: Resolve;
  ca?: string;
  cidrs?: string[];
  http?: boolean;
}

/** A fetch that may reach this machine, where every name leads. */
export function fetching(circumstances: Circumstances = {}): GuardedFetch {
  const { resolve = new Names().resolve, ca, cidrs = ['127.0.0.1/32'], http = true } = circumstances;
  return new GuardedFetch({ BODY_LIMIT: 1_024, FETCH_ALLOW_CIDRS: cidrs, FETCH_ALLOW_HTTP: http }, resolve, ca);
}

/** A request with nothing special. */
export function plain(more: Partial<GuardedRequest> = {}): GuardedRequest {
  return { timeoutMs: 10_000, maxBytes: 1_024, overflow: 'refuse', ...more };
}

/** How a fetch failed. Whatever it was, it tells nobody what the URL holds. @throws when it did not fail */
export async function failureOf(answer: Promise<GuardedAnswer>): Promise<FetchFailed> {
  const outcome = await answer.catch((error: unknown) => error);
  if (!(outcome instanceof FetchFailed)) throw new Error('it did not fail as fetches fail', { cause: outcome });
  for (const secret of ['hidden', 'token', 'hush']) {
    if (outcome.message.includes(secret)) throw new Error(`the message gives away the URL: ${outcome.message}`);
  }
  return outcome;
}

/** The reason alone. */
export const reasonOf = async (answer: Promise<GuardedAnswer>): Promise<string> => (await failureOf(answer)).reason;
