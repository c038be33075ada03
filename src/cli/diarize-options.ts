import { labelsFrom } from './labels.js';
import { Mistake } from './mistake.js';

/** What `GET /v1/jobs/{id}/result?format=` knows. */
export const FORMATS = ['rttm', 'json', 'csv', 'vtt', 'txt', 'svg', 'stats'] as const;
export type Format = (typeof FORMATS)[number];

/** As commander hands them over. */
export interface DiarizeOptions {
  url?: string;
  key?: string;
  wait?: boolean;
  format?: Format;
  model?: string;
  numSpeakers?: string;
  minSpeakers?: string;
  maxSpeakers?: string;
  turnLevelConfidence?: boolean;
  exclusive?: boolean;
  confidence?: boolean;
  speechProbability?: boolean;
  crosstalkProbability?: boolean;
  speakerProbability?: boolean;
  transcription?: boolean;
  transcriptionModel?: string;
  label?: string[];
  webhook: boolean;
}

/** Options that are set or not, with what they are for. The service's own names, and the vendor's. */
export const FLAGS = {
  turnLevelConfidence: 'a confidence with every turn',
  exclusive: 'also turns that never overlap',
  confidence: 'confidence of 50 frames a second: a large result',
  speechProbability: 'whether anybody speaks, frame by frame: a large result',
  crosstalkProbability: 'whether several speak at once, frame by frame: a large result',
  speakerProbability: 'whether each one speaks, frame by frame: a large result',
  transcription: 'also what was said; --format vtt and txt need it',
} as const;

const COUNTS = ['numSpeakers', 'minSpeakers', 'maxSpeakers'] as const;
const NEEDS_WORDS: readonly (Format | undefined)[] = ['vtt', 'txt'];

/** `numSpeakers` → `--num-speakers`. */
export const optionOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The body of `POST /v1/diarizations`, without its audio. @throws {Mistake} for what could only fail, or would be in vain */
export function requestFrom(options: DiarizeOptions): Record<string, unknown> {
  if (options.format !== undefined && !options.wait)
    throw new Mistake('--format needs --wait: without it there is no result yet');
  if (NEEDS_WORDS.includes(options.format) && !options.transcription) {
    throw new Mistake(`--format ${options.format} needs --transcription: without it nobody writes down what is said`);
  }
  if (options.transcriptionModel !== undefined && !options.transcription) {
    throw new Mistake('--transcription-model needs --transcription');
  }
  const counts = COUNTS.map((name) => [name, countFrom(optionOf(name), options[name])]);
  const flags = (Object.keys(FLAGS) as (keyof typeof FLAGS)[]).map((name) => [name, options[name]]);
  const labels = labelsFrom(options.label ?? []);
  const model = options.transcriptionModel;
  const body = Object.fromEntries([
    ...counts,
    ...flags,
    ['model', options.model],
    ['transcriptionConfig', model === undefined ? undefined : { model }],
    ['labels', Object.keys(labels).length > 0 ? labels : undefined],
    ['webhook', options.webhook ? undefined : false],
  ]) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function countFrom(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Mistake(`${option}: "${text}" is no whole number of 1 or more`);
  return Number(text);
}
