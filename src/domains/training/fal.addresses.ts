import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { textOf } from '../../kernel/http/json-fields.js';

/** Where one request is asked about. */
export interface Addresses {
  statusUrl: string;
  responseUrl: string;
  cancelUrl: string;
}

const NAMES = ['statusUrl', 'responseUrl', 'cancelUrl'] as const satisfies readonly (keyof Addresses)[];
const MAX_ADDRESS = 2_000;

/** An id that can be kept in a column and put into a path: a uuid today, which nobody promised. */
export function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-][\w.:-]{0,199}$/.test(value);
}

/** Whether the key may be sent there: the very host, port and scheme that were configured. */
export function isOwn(base: string, address: unknown): address is string {
  if (typeof address !== 'string' || address.length > MAX_ADDRESS || !URL.canParse(address)) return false;
  const { origin, username, password } = new URL(address);
  return origin === new URL(base).origin && username === '' && password === '';
}

/** The host that an address leads to, for people; the whole could be anything. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host.slice(0, 200) : 'unknown';
}

/** Where a trainer is submitted to; null for what is no trainer's id. */
export function submitUrl(base: string, trainer: string): string | null {
  return isTrainerId(trainer) ? `${base}/${trainer}` : null;
}

/**
 * Where a request is found when the vendor did not say: its addresses hold owner and app only, whatever the path was that
 * it was submitted to. Null for what is no trainer's id.
 */
export function builtAddresses(base: string, trainer: string, requestId: string): Addresses | null {
  if (!isTrainerId(trainer)) return null;
  const [owner, app] = trainer.split('/');
  const request = `${base}/${owner}/${app}/requests/${encodeURIComponent(requestId)}`;
  return { statusUrl: `${request}/status`, responseUrl: request, cancelUrl: `${request}/cancel` };
}

/**
 * Where a job is asked about: what its vendor said, as far as it is on the vendor's host (which may be another one now),
 * else what can be built. Null for a job without an id, or one of a trainer that nobody told us and that
 * was not found either.
 */
export function addressesOf(base: string, { externalId, input, facts }: ProviderJob): Addresses | null {
  if (externalId === null) return null;
  const trainer = textOf(input.trainer) ?? textOf(facts.trainer);
  const told = NAMES.flatMap((name) => (isOwn(base, facts[name]) ? [[name, facts[name]] as const] : []));
  const built = trainer === null ? null : builtAddresses(base, trainer, externalId);
  if (!built && told.length < NAMES.length) return null;
  return { ...built, ...Object.fromEntries(told) } as Addresses;
}

/** `owner/app`, maybe with a path below it. */
function isTrainerId(trainer: string): boolean {
  return /^[\w-][\w.-]*(\/[\w-][\w.-]*){1,5}$/.test(trainer) && trainer.length <= 200;
}
