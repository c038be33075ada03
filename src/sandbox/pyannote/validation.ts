import type { JobType, SubmitBody } from './job.js';

export interface FieldError {
  field: string;
  message: string;
}

export const MEDIA_URL = /^media:\/\/[a-zA-Z0-9\-_./]+$/;

const FLAGS = [
  ...['turnLevelConfidence', 'exclusive', 'confidence', 'webhookStatusOnly', 'transcription'],
  ...['speechProbability', 'crosstalkProbability', 'speakerProbability'],
];
const COUNTS = ['numSpeakers', 'minSpeakers', 'maxSpeakers'];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

type Fields = Record<string, unknown>;
type Add = (field: string, message: string) => void;

/** The body is fit to become a job when the list is empty. null counts as absent: clients send every field. */
export function submitErrors(type: JobType, body: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const add: Add = (field, message) => errors.push({ field, message });
  if (!isFields(body)) return [{ field: 'body', message: 'must be a JSON object' }];
  checkUrl(body.url, add);
  checkWebhook(body.webhook, add);
  if (body.model != null && typeof body.model !== 'string') add('model', 'must be a string');
  for (const name of FLAGS) if (body[name] != null && typeof body[name] !== 'boolean') add(name, 'must be a boolean');
  if (type !== 'voiceprint') checkCounts(body, add);
  if (type === 'diarize' && body.transcriptionConfig != null && !isFields(body.transcriptionConfig)) {
    add('transcriptionConfig', 'must be an object');
  }
  if (type === 'identify') checkVoiceprints(body.voiceprints, add);
  if (type === 'identify') checkMatching(body.matching, add);
  return errors;
}

export function isSubmit(type: JobType, body: unknown): body is SubmitBody {
  return submitErrors(type, body).length === 0;
}

export function mediaErrors(body: unknown): FieldError[] {
  const url = isFields(body) ? body.url : undefined;
  if (typeof url === 'string' && url.length <= 255 && MEDIA_URL.test(url)) return [];
  return [{ field: 'url', message: 'must be a media:// address of at most 255 characters' }];
}

function checkUrl(url: unknown, add: Add): void {
  if (typeof url !== 'string' || url === '') return add('url', 'is required');
  if (url.startsWith('media://') ? MEDIA_URL.test(url) : /^https?:$/.test(protocolOf(url))) return;
  add('url', 'must be an http(s) or media:// address');
}

/** The vendor refuses plain http; on loopback, where this stand-in lives, it is the only way. */
function checkWebhook(webhook: unknown, add: Add): void {
  if (webhook == null) return;
  const url = typeof webhook === 'string' && URL.canParse(webhook) ? new URL(webhook) : undefined;
  if (url?.protocol === 'https:') return;
  if (url?.protocol === 'http:' && LOOPBACK.test(url.hostname)) return;
  add('webhook', 'must be an https address');
}

function checkCounts(body: Fields, add: Add): void {
  for (const name of COUNTS) {
    const value = body[name];
    if (value != null && !(typeof value === 'number' && value >= 1)) add(name, 'must be a number of at least 1');
  }
  const { minSpeakers: least, maxSpeakers: most } = body;
  if (typeof least === 'number' && typeof most === 'number' && least > most) {
    add('minSpeakers', 'must not be greater than maxSpeakers');
  }
}

function checkVoiceprints(voiceprints: unknown, add: Add): void {
  if (!Array.isArray(voiceprints) || voiceprints.length < 1 || voiceprints.length > 50) {
    return add('voiceprints', 'must hold 1 to 50 voiceprints');
  }
  voiceprints.forEach((item: unknown, index) => {
    const { label, voiceprint } = isFields(item) ? item : {};
    const at = `voiceprints.${index}`;
    if (typeof label !== 'string' || label.length < 1 || label.length > 100) {
      add(`${at}.label`, 'must be a string of at most 100 characters');
    } else if (/^speaker_/i.test(label)) add(`${at}.label`, 'must not begin with SPEAKER_');
    if (typeof voiceprint !== 'string' || voiceprint.length < 1 || voiceprint.length > 20_000) {
      add(`${at}.voiceprint`, 'must be a string of at most 20000 characters');
    }
  });
}

function checkMatching(matching: unknown, add: Add): void {
  if (matching == null) return;
  if (!isFields(matching)) return add('matching', 'must be an object');
  const { exclusive, threshold } = matching;
  if (exclusive != null && typeof exclusive !== 'boolean') add('matching.exclusive', 'must be a boolean');
  if (threshold != null && !(typeof threshold === 'number' && threshold >= 0 && threshold <= 100)) {
    add('matching.threshold', 'must be a number from 0 to 100');
  }
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
