import { Problem, invalidField } from '../../http/problem.js';
import { JSON_FORMAT } from './result-format.js';
import type { ResultFormat } from './result-format.js';

/** A form under the name that `?format=` knows it by; without one of its own it is the result as it is. */
export interface Offer {
  name: string;
  mediaType: string;
  extension: string;
  format: ResultFormat | null;
}

/** A media range of an `Accept` header: how specific it is (0 `*`/`*`, 1 `text/*`, 2 `text/csv`), how welcome (0 to 1). */
interface Range {
  type: string;
  subtype: string;
  specific: number;
  q: number;
}

export function offersOf(formats: Readonly<Record<string, ResultFormat>>): Offer[] {
  const own = Object.entries(formats).map(([name, format]) => ({ ...pick(format), name, format }));
  return [{ ...JSON_FORMAT, format: null }, ...own];
}

/**
 * `?format=` if it is there; else the form that `Accept` (RFC 9110, 12.5.1) likes best: the most welcome, of equally welcome
 * ones the one that is named most exactly, then the first. Without both, JSON. @throws a 400 naming `format`, or a 406
 */
export function chosen(offers: readonly Offer[], format: string | undefined, accept: string | undefined): Offer {
  const names = offers.map(({ name }) => name).join(', ');
  if (format !== undefined) {
    const named = offers.find(({ name }) => name === format);
    if (!named) throw invalidField('format', `must be one of ${names}: that is what jobs of this kind offer`);
    return named;
  }
  const best = mostWelcome(offers, accept);
  if (best) return best;
  const types = [...new Set(offers.map(({ mediaType }) => baseOf(mediaType)))].join(', ');
  throw new Problem(406, 'not_acceptable', `ask with Accept for one of ${types}, or with ?format= for one of ${names}`);
}

function mostWelcome(offers: readonly Offer[], accept: string | undefined): Offer | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0];
  const ranges = accept.split(',').flatMap(rangeIn);
  let best: { offer: Offer; range: Range } | undefined;
  for (const offer of offers) {
    const range = rangeFor(offer, ranges);
    if (!range || range.q === 0) continue;
    if (!best || range.q > best.range.q || (range.q === best.range.q && range.specific > best.range.specific)) {
      best = { offer, range };
    }
  }
  return best?.offer;
}

/** The most exact range that the form falls into decides how welcome it is. */
function rangeFor({ mediaType }: Offer, ranges: readonly Range[]): Range | undefined {
  const [type, subtype] = baseOf(mediaType).split('/');
  return ranges
    .filter(
      (range) => (range.type === '*' || range.type === type) && (range.subtype === '*' || range.subtype === subtype),
    )
    .sort((one, other) => other.specific - one.specific)[0];
}

/** Parameters but `q` are not looked at; what is no range is none. */
function rangeIn(text: string): Range[] {
  const [, type, subtype] = /^\s*([^\s/;]+)\/([^\s/;]+)\s*(?:;|$)/.exec(text.toLowerCase()) ?? [];
  if (type === undefined || subtype === undefined || (type === '*' && subtype !== '*')) return [];
  const q = /;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)/i.exec(text)?.[1];
  return [{ type, subtype, specific: Number(type !== '*') + Number(subtype !== '*'), q: Math.min(Number(q ?? 1), 1) }];
}

const baseOf = (mediaType: string) => mediaType.split(';')[0]?.trim() ?? '';
const pick = ({ mediaType, extension }: ResultFormat) => ({ mediaType, extension });
