import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterKey } from '../config/master-key.js';
import { ServiceEnv } from '../config/service.env.js';

/** What our own signature on a callback address says. */
export interface CallbackClaim {
  jobId: string;
  kind: string;
  teamId: string;
}

const MAC_BYTES = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The address that we give to a vendor for one job: `?job=<id>&w=<kind>.<team>&k=<key id>.<mac>`. No vendor signs the
 * URL, so we do: HMAC-SHA-256 of `provider:job:kind:team`, cut to 128 bits, base64url. Without a valid `k` only the
 * vendor's own ids count.
 */
@Injectable()
export class Callback {
  private readonly keys: readonly Buffer[];

  constructor(
    private readonly env: ServiceEnv,
    masterKey: MasterKey,
  ) {
    this.keys = masterKey.derive('callback');
  }

  /** Null without a `PUBLIC_URL`: the job is settled by asking. */
  urlFor(provider: string, claim: CallbackClaim): string | null {
    if (this.env.PUBLIC_URL === '') return null;
    const url = new URL(`${this.env.PUBLIC_URL.replace(/\/+$/, '')}/webhooks/${provider}`);
    const [key] = this.keys;
    if (!key) throw new Error('the master key gave no key');
    url.searchParams.set('job', claim.jobId);
    url.searchParams.set('w', `${claim.kind}.${claim.teamId}`);
    url.searchParams.set('k', `${keyId(key)}.${mac(key, provider, claim).toString('base64url')}`);
    return url.toString();
  }

  /** The job that an address names, if the signature on it is ours. Total: any text in, a claim or null out. */
  verify(provider: string, query: { job?: unknown; w?: unknown; k?: unknown }): CallbackClaim | null {
    const { job, w, k } = query;
    if (typeof job !== 'string' || typeof w !== 'string' || typeof k !== 'string' || !UUID.test(job)) return null;
    const [kind, teamId, more] = w.split('.');
    const [id, given] = k.split('.');
    if (!kind || !teamId || more !== undefined || !UUID.test(teamId) || !id || !given) return null;
    const claim = { jobId: job, kind, teamId };
    const key = this.keys.find((candidate) => keyId(candidate) === id);
    if (!key) return null;
    const bytes = Buffer.from(given, 'base64url');
    return bytes.length === MAC_BYTES && timingSafeEqual(bytes, mac(key, provider, claim)) ? claim : null;
  }
}

/** Four characters that tell which master key signed; derived, so that it reveals nothing of the key. */
function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('key id').digest('base64url').slice(0, 4);
}

function mac(key: Buffer, provider: string, claim: CallbackClaim): Buffer {
  const text = `${provider}:${claim.jobId}:${claim.kind}:${claim.teamId}`;
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}
