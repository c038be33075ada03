import { ValidateBy } from 'class-validator';
import type { ValidationArguments } from 'class-validator';
import { UUID } from '../../kernel/database/uuid.js';
import { fieldsOf } from '../../kernel/http/json-fields.js';

const MAX_URL = 2_048;
const MEDIA = /^media:\/\/[a-zA-Z0-9\-_./]+$/;

/** A rule that says what is wrong, or null. */
export function rule(name: string, fault: (value: unknown, other: (field: string) => unknown) => string | null) {
  const judge = (value: unknown, args?: ValidationArguments) =>
    fault(value, (field) => fieldsOf(args?.object)?.[field]);
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown, args) => judge(value, args) === null,
      defaultMessage: (args) => judge(args?.value, args) ?? 'is not right',
    },
  });
}

/** Whether `media://`, by its pattern, or http(s); what an http(s) address may point to is judged with the environment. */
export function addressFault(value: unknown): string | null {
  if (typeof value !== 'string' || value === '')
    return 'is required: an http(s) or media:// address, or a file instead';
  if (value.length > MAX_URL) return `is longer than ${MAX_URL} characters`;
  if (/[\s\p{Cc}]/u.test(value) || !value.isWellFormed()) return 'has spaces or control characters in it; encode them';
  if (isMedia(value)) return MEDIA.test(value) ? null : 'may have letters, digits and - _ . / after media://';
  return null;
}

export const isMedia = (url: string): boolean => /^media:/i.test(url);

/** Not needed where the other field gives the audio. */
export const IsAudioAddress = (instead: string) =>
  rule('audioAddress', (value, other) => (value == null && other(instead) != null ? null : addressFault(value)));

/** The id of an upload; whether there is such a file is judged with the team. */
export const IsFileInsteadOf = (address: string) =>
  rule('fileInsteadOf', (value, other) => {
    if (value == null) return null;
    if (other(address) != null) return `cannot be given together with ${address}; leave one of them out`;
    return typeof value === 'string' && UUID.test(value) ? null : 'must be the id of an uploaded file';
  });

/** Lists of objects pass for objects where nested fields are checked. */
export const IsNoList = () => rule('noList', (value) => (Array.isArray(value) ? 'must be an object' : null));

export const NotAbove = (most: string) =>
  rule('notAbove', (value, other) => (isAbove(value, other(most)) ? `must not be greater than ${most}` : null));

export const NotBelow = (least: string) =>
  rule('notBelow', (value, other) => (isAbove(other(least), value) ? `must not be less than ${least}` : null));

/** An exact count beside bounds that exclude it is a mistake; beside bounds that include it, only superfluous. */
export const WithinSpeakerBounds = () =>
  rule('withinSpeakerBounds', (value, other) => {
    if (isAbove(other('minSpeakers'), value)) return 'must not be less than minSpeakers';
    return isAbove(value, other('maxSpeakers')) ? 'must not be greater than maxSpeakers' : null;
  });

export const TranscribesWith = (model: string) =>
  rule('transcribesWith', (value, other) =>
    value === true && other(model) === 'community-1' ? 'needs the model precision-2; community-1 has none' : null,
  );

export const NeedsTranscription = () =>
  rule('needsTranscription', (_value, other) =>
    other('transcription') === true ? null : 'has no effect without transcription: true',
  );

function isAbove(left: unknown, right: unknown): boolean {
  return typeof left === 'number' && typeof right === 'number' && left > right;
}

/** The id of a row of ours; whether there is such a row is judged with the team. */
export const IsRowId = (what: string) =>
  rule('rowId', (value) =>
    value == null || (typeof value === 'string' && UUID.test(value)) ? null : `must be ${what}`,
  );
