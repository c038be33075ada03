import ipaddr from 'ipaddr.js';

/** Names that never mean a host on the public internet (RFC 6761, RFC 6762, RFC 8375, and what clouds call themselves). */
const LOCAL_NAMES = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa|test|invalid)$/i;

/** All of v6 that was ever handed out to the public (RFC 4291, section 2.4); ::127.0.0.1 lies outside, whatever it is called. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Anything but a public unicast address: private, loopback, link-local (metadata services), multicast, reserved. */
export function isPublicAddress(address: string, allowCidrs: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (allowCidrs.some((cidr) => matches(parsed, cidr))) return true;
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_V6));
}

function matches(address: ipaddr.IPv4 | ipaddr.IPv6, cidr: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return address.kind() === network.kind() && address.match(network, bits);
}

/**
 * What is wrong with a URL that somebody else gave us and that has to be reachable from outside; null when nothing is.
 * Only what the text shows is judged here; a fetch of our own also pins the address that it connects to.
 */
export function outsideUrlFault(
  text: string,
  allowCidrs: readonly string[],
  /** Whether a name is judged by the addresses that it is found to have, so that one of a private network may do. */
  lookedUp = false,
): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'is not a URL; give an absolute http or https address';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `has the scheme ${url.protocol}; only http and https are fetched`;
  if (url.username !== '' || url.password !== '') return 'carries a user name or password; give a signed URL instead';
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  if (ipaddr.isValid(host)) {
    return isPublicAddress(host, allowCidrs)
      ? null
      : 'points to a private address, which cannot be fetched from outside';
  }
  if (lookedUp && allowCidrs.length > 0) return null;
  if (LOCAL_NAMES.test(host) || !host.includes('.')) {
    const loopback = /(^|\.)localhost$/i.test(host) && isPublicAddress('127.0.0.1', allowCidrs);
    return loopback ? null : 'names a host of a private network, which cannot be fetched from outside';
  }
  return null;
}
