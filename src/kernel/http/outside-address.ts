import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { FetchFailed } from './guarded-fetch.errors.js';
import { isPublicAddress } from './outside-url.js';

/** All addresses of a name. @throws what the system's resolver throws */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });

/** The addresses of a name that we may connect to. @throws {FetchFailed} `dns`, or `refused_address` when none is left */
export async function outsideAddresses(
  host: string,
  allowCidrs: readonly string[],
  resolve: Resolve,
): Promise<LookupAddress[]> {
  const found = await resolve(host).catch((error: NodeJS.ErrnoException) => {
    throw new FetchFailed('dns', host, { code: error.code });
  });
  if (found.length === 0) throw new FetchFailed('dns', host);
  const outside = found.filter(({ address }) => isPublicAddress(address, allowCidrs));
  if (outside.length === 0) throw new FetchFailed('refused_address', host);
  return outside;
}

/**
 * The look-up of one connection. The socket connects to the very addresses that were judged here, so a name that
 * means something else a moment later gains nothing. Sockets never look up a literal address: judge those before.
 */
export function outsideLookup(allowCidrs: readonly string[], resolve: Resolve): LookupFunction {
  return (host, _options, done) => {
    outsideAddresses(host, allowCidrs, resolve).then(
      (addresses) => done(null, addresses),
      (error: FetchFailed) => done(error, []),
    );
  };
}
