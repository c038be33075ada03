import { domainToASCII } from 'node:url';
import { isEmail } from 'class-validator';

export interface Mailbox {
  name: string;
  address: string;
}

/** The one address of a `mailto:` URI (RFC 6068) without header fields; null for anything else. */
export function recipient(url: string): string | null {
  const encoded = /^mailto:([^?#,\s]+)$/i.exec(url)?.[1];
  if (encoded === undefined) return null;
  try {
    return plainAddress(decodeURIComponent(encoded));
  } catch {
    return null;
  }
}

/** `Name <address>` or an address alone. */
export function mailFrom(text: string): Mailbox | null {
  const named = /^([^<>\p{Cc}]*)<([^<>]+)>$/u.exec(text);
  const address = plainAddress(named?.[2] ?? text);
  return address === null ? null : { name: (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address };
}

/** Without quoted local parts and comments, which mean something to a header. */
function plainAddress(text: string): string | null {
  return isEmail(text, { allow_utf8_local_part: false }) && !/["(),:;<>[\\\]\s]/.test(text) ? text : null;
}

/** `s…@example.com` */
export function hidden(address: string): string {
  return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`;
}

/** As it is spoken between machines. */
export function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1));
}
