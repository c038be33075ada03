import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import { readJson } from './fal.json.js';
import type { Fields } from '../../kernel/http/json-fields.js';
import { standingOf } from './fal.words.js';
import type { Standing } from './fal.words.js';

/** The two ways in: from fal.ai itself, and from others who pass on what they heard of it. */
export const FAL = 'fal';
export const FAL_RELAY = 'fal-relay';

/** What a notice says of a training. */
export interface Told {
  /** The id that fal.ai's queue gave; the only one to match by. */
  requestId: string | null;
  /** Of the last try inside fal.ai: another one whenever that tried again. */
  gatewayRequestId: string | null;
  standing: Standing;
  /** The bare output of the model, or what it says of its failure; null where none came. */
  payload: Fields | null;
  /** It succeeded, and its output did not come along: it has to be fetched. */
  payloadMissing: boolean;
  error: string | null;
  /** What a failure says of itself in more detail, as it came. */
  detail: unknown;
  /** 0 to 1, never 1. */
  progress: number | null;
  message: string | null;
}

/** Where the output is, and in this order: fal.ai has one name for it, relays use any. */
const OUTPUTS = { [FAL]: ['payload'], [FAL_RELAY]: ['payload', 'result', 'output', 'response'] } as const;
/** Where the id is. Never `gateway_request_id`, which changes when fal.ai tries again. */
const IDS = { [FAL]: ['request_id'], [FAL_RELAY]: ['request_id', 'finetune_id', 'id'] } as const;
/** Short of the end, which its own word tells. */
const MOST_PROGRESS = 0.99;

/** Null when it says nothing that we know: no object, or its status is no word of ours. Total: any bytes. */
export function readNotice(source: string, body: Buffer): Told | null {
  const fields = fieldsOf(readJson(body));
  const standing = standingOf(fields?.status);
  if (!fields || !standing) return null;
  const payload = fieldsOf(firstOf(fields, OUTPUTS[formOf(source)]));
  const isDone = 'ended' in standing && standing.ended === 'succeeded';
  const isBroken = fields.payload_error !== undefined && fields.payload_error !== null;
  return {
    requestId: requestIdOf(source, fields),
    gatewayRequestId: idFrom(fields.gateway_request_id),
    standing,
    payload,
    payloadMissing: isDone && (payload === null || isBroken),
    error: textOf(fields.error) ?? textOf(fieldsOf(fields.error)?.message),
    detail: payload?.detail ?? fields.detail ?? fieldsOf(fields.error),
    progress: 'open' in standing ? progressFrom(fields.progress) : null,
    message: textOf(fields.message),
  };
}

/** The queue's id of the training that the notice is about, whatever it says of it. */
export function requestIdOf(source: string, fields: Fields | null): string | null {
  return fields && idFrom(firstOf(fields, IDS[formOf(source)]));
}

/** An id that can be kept in a column and put into a path: it looks like a uuid today, which nobody promised. */
function idFrom(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-][\w.:-]{0,199}$/.test(value) ? value : null;
}

function formOf(source: string): typeof FAL | typeof FAL_RELAY {
  return source === FAL ? FAL : FAL_RELAY;
}

/** The first that is there at all: of what is null, the next one may tell. */
function firstOf(fields: Fields, names: readonly string[]): unknown {
  const found = names.find((name) => fields[name] !== undefined && fields[name] !== null);
  return found === undefined ? undefined : fields[found];
}

/**
 * A fraction below 1, a percentage from 1 on: a relay that counts in percent says 1 at the beginning, and one that says 1 for
 * all of it while the training runs is not believed anyway.
 */
function progressFrom(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  return Math.min(value < 1 ? value : value / 100, MOST_PROGRESS);
}
