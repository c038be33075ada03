import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';

const MOST_FAULTS = 20;
const MAX_LENGTH = 1_000;

/**
 * The vendor's `detail` for people: a text as it is, a list of faults as `field: what is wrong`. Never the input that it
 * repeats, which may name private addresses. Null when there is nothing to read in it.
 */
export function detailOf(detail: unknown): string | null {
  if (!Array.isArray(detail)) {
    const one = fieldsOf(detail);
    const text = one ? faultOf(one) : textOf(detail);
    return text === null ? null : text.slice(0, MAX_LENGTH);
  }
  const faults = detail.slice(0, MOST_FAULTS).flatMap((item) => faultOf(item) ?? []);
  if (faults.length === 0) return null;
  const more = detail.length > MOST_FAULTS ? `; and ${detail.length - MOST_FAULTS} more` : '';
  return faults.join('; ').slice(0, MAX_LENGTH) + more;
}

function faultOf(item: unknown): string | null {
  const fields = fieldsOf(item);
  const text = textOf(fields?.msg) ?? textOf(fields?.message) ?? textOf(item);
  if (text === null) return null;
  const place = placeOf(fields?.loc);
  return place === '' ? text : `${place}: ${text}`;
}

/** `["body", "steps"]` is the field `steps`: all input is the body. */
function placeOf(loc: unknown): string {
  const path = Array.isArray(loc) ? loc : [loc];
  const names = path.filter((part) => typeof part === 'string' || typeof part === 'number').slice(0, 10);
  return (names[0] === 'body' ? names.slice(1) : names).join('.');
}
