import { fieldsOf, textOf } from '../../../kernel/http/json-fields.js';
import type { Fields } from '../../../kernel/http/json-fields.js';

/** Somebody speaks from `start` to `end`: whole milliseconds from the beginning of the audio, 0 ≤ start < end. */
export interface Turn {
  speaker: string;
  start: number;
  end: number;
}

/** What was said from `start` to `end`, at least a millisecond. */
export interface Spoken extends Turn {
  text: string;
}

/** Who spoke when and, with a transcription, what: the one shape that all forms of a result are made from. */
export interface Conversation {
  /** By start, then end, then speaker. They may overlap. */
  turns: readonly Turn[];
  /** How many turns of the vendor's were none: not in the audio, without a length, or with times that are no numbers. */
  ignored: number;
  /** Word by word, and turn by turn; null where there is no such transcription. */
  words: readonly Spoken[] | null;
  said: readonly Spoken[] | null;
}

/** The fields of a result that `conversationFrom` reads. */
export const CONVERSATION_FIELDS = [
  'diarization',
  'identification',
  'wordLevelTranscription',
  'turnLevelTranscription',
] as const;

const NOBODY = 'unknown';
/** Ten days, in seconds: ten times the longest audio that the vendor takes. What claims to be later is an accident. */
const LATEST = 864_000;

/**
 * The conversation in an output of the vendor's. With `identification` each turn is the one's who was matched; without a
 * match the speaker keeps the label of the diarization. Total: whatever is not a turn is counted and left out.
 */
export function conversationFrom(result: Readonly<Fields>): Conversation {
  const identified = Array.isArray(result.identification);
  const given = listOf(identified ? result.identification : result.diarization) ?? [];
  const turns = given.flatMap((item) => turnFrom(item)).sort(inOrder);
  const names = identified ? namesIn(given) : new Map<string, string>();
  return {
    turns,
    ignored: given.length - turns.length,
    words: spokenFrom(listOf(result.wordLevelTranscription), names),
    said: spokenFrom(listOf(result.turnLevelTranscription), names),
  };
}

/** Seconds as the vendor gives them, to the millisecond; null for what is no time in an audio. */
function milliseconds(value: unknown): number | null {
  return typeof value === 'number' && Math.abs(value) <= LATEST ? Math.round(value * 1_000) : null;
}

function turnFrom(item: unknown): Turn[] {
  const fields = fieldsOf(item);
  const [start, end] = [milliseconds(fields?.start), milliseconds(fields?.end)];
  if (!fields || start === null || end === null || end <= Math.max(start, 0)) return [];
  return [{ speaker: nameOf(fields), start: Math.max(start, 0), end }];
}

/** `match` before `diarizationSpeaker` before `speaker`: only an identification has the first two. */
function nameOf(fields: Fields): string {
  return textOf(fields.match) ?? textOf(fields.diarizationSpeaker) ?? textOf(fields.speaker) ?? NOBODY;
}

/** Label of the diarization → name, for the transcription, which knows labels only. */
function namesIn(identification: readonly unknown[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const item of identification) {
    const fields = fieldsOf(item);
    const [label, match] = [textOf(fields?.diarizationSpeaker), textOf(fields?.match)];
    if (label !== null && match !== null) names.set(label, match);
  }
  return names;
}

/** Words are not lost for a length that makes no sense: they get the shortest there is. */
function spokenFrom(items: readonly unknown[] | null, names: ReadonlyMap<string, string>): Spoken[] | null {
  if (items === null) return null;
  const spoken = items.flatMap((item): Spoken[] => {
    const fields = fieldsOf(item);
    const text = textOf(fields?.text) ?? textOf(fields?.word);
    const from = milliseconds(fields?.start);
    if (!fields || text === null || from === null) return [];
    const start = Math.max(from, 0);
    const speaker = nameOf(fields);
    const end = Math.max(milliseconds(fields.end) ?? 0, start + 1);
    return [{ speaker: names.get(speaker) ?? speaker, start, end, text }];
  });
  return spoken.sort(inOrder);
}

function inOrder(one: Turn, other: Turn): number {
  if (one.start !== other.start) return one.start - other.start;
  if (one.end !== other.end) return one.end - other.end;
  return one.speaker < other.speaker ? -1 : Number(one.speaker > other.speaker);
}

const listOf = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? (value as unknown[]) : null);
