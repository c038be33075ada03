import { rule } from './diarization.rules.js';

/** In characters, as the vendor counts a label and a print. */
const MAX_LABEL = 100;
const MAX_PRINT = 20_000;

/** What is wrong with the name of a person; null when nothing is. */
export function labelFault(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return 'must be the person’s name, and not empty';
  if (value.length > MAX_LABEL) return `is longer than ${MAX_LABEL} characters`;
  if (value.trim() !== value || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value) || !value.isWellFormed())
    return 'has control characters in it or spaces around it; remove them';
  return /^speaker_/i.test(value)
    ? 'must not begin with SPEAKER_: so the vendor calls voices without a name; take another one'
    : null;
}

/** A print as the vendor gave it: opaque, but one line of visible characters. */
export function printFault(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return 'must be a voiceprint as the vendor gave it, and not empty';
  if (value.length > MAX_PRINT)
    return `has ${value.length} characters, the vendor takes ${MAX_PRINT} at most; give it as it came`;
  return /^[\x21-\x7e]+$/.test(value) ? null : 'has characters in it that no voiceprint has; give it as it came';
}

export const IsSpeakerLabel = () => rule('speakerLabel', labelFault);

/** Not needed where the other field says so. */
export const IsSpeakerLabelUnless = (needless: (other: (field: string) => unknown) => boolean, why: string) =>
  rule('speakerLabelUnless', (value, other) => {
    if (value == null) return needless(other) ? null : `is required: ${why}`;
    return labelFault(value);
  });

export const IsPrintInsteadOf = (id: string) =>
  rule('printInsteadOf', (value, other) => {
    if (value == null) return null;
    return other(id) == null ? printFault(value) : `cannot be given together with ${id}; leave one of them out`;
  });
