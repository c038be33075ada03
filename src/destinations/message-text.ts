import type { Outgoing } from '../kernel/notifications/destination.js';

/** What a person reads of an event: plain text, bounded, without control characters, each part one line. */
export interface MessageText {
  /** 120 characters at most. */
  title: string;
  /** One to four, 300 characters each at most. */
  lines: string[];
  /** Where to look it up; null without a PUBLIC_URL, and where there is nothing to look up. */
  link: string | null;
}

const MAX_TITLE = 120;
const MAX_LINE = 300;
const MAX_LABELS = 6;

type Fields = Record<string, unknown>;
type Draft = Pick<MessageText, 'title' | 'lines'>;

/** Total: data of any shape, and types that nobody knew when this was written, get a line too. */
export function messageText(message: Pick<Outgoing, 'type' | 'timestamp' | 'data' | 'link'>): MessageText {
  const { type, timestamp, data, link } = message;
  const at = timestamp.slice(0, 19).replace('T', ' ') + ' UTC';
  const { title, lines } = draft(type, data, at);
  return {
    title: oneLine(title, MAX_TITLE) || 'news',
    lines: lines.map((line) => oneLine(line, MAX_LINE)).filter((line) => line !== ''),
    link,
  };
}

function draft(type: string, data: Fields, at: string): Draft {
  const { job, batch, model, endpoint } = data;
  if (isFields(job)) return ofJob(type, job, data.late === true, at);
  if (isFields(batch)) return ofBatch(type, batch, at);
  if (isFields(model)) return ofModel(type, model, at);
  if (isFields(endpoint)) return ofEndpoint(type, endpoint, at);
  return { title: words(type), lines: [at] };
}

function ofJob(type: string, job: Fields, late: boolean, at: string): Draft {
  const error = isFields(job.error) ? job.error : {};
  const code = text(error.code);
  const took = durationOf(job.createdAt, job.settledAt);
  return {
    title: `${words(type)}${code && `: ${code}`}${late ? ' (late)' : ''}`,
    lines: [
      text(error.message),
      labelsOf(job.labels),
      [took && `took ${took}`, late ? 'it had expired before' : ''].filter(Boolean).join('; '),
      `job ${text(job.id)}, ${at}`,
    ],
  };
}

function ofBatch(type: string, batch: Fields, at: string): Draft {
  const counts = isFields(batch.counts) ? batch.counts : {};
  const states = Object.entries(counts).map(([state, count]) => `${text(count)} ${state}`);
  const total = text(batch.total);
  return {
    title: `${words(type)}${total && `: ${total} × ${text(batch.kind)}`}`,
    lines: [states.join(', '), labelsOf(batch.labels), `batch ${text(batch.id)}, ${at}`],
  };
}

function ofModel(type: string, model: Fields, at: string): Draft {
  return {
    title: words(type),
    lines: [
      [text(model.triggerWord), text(model.baseModel)].filter(Boolean).join(', for '),
      labelsOf(model.labels),
      `model ${text(model.id)}, ${at}`,
    ],
  };
}

function ofEndpoint(type: string, endpoint: Fields, at: string): Draft {
  return {
    title: words(type),
    lines: [
      type === 'endpoint.test' ? 'this is what messages look like here' : text(endpoint.reason),
      [text(endpoint.destination), text(endpoint.url)].filter(Boolean).join(' '),
      `endpoint ${text(endpoint.id)}, ${at}`,
    ],
  };
}

function labelsOf(labels: unknown): string {
  const all = isFields(labels) ? Object.entries(labels) : [];
  const shown = all.slice(0, MAX_LABELS).map(([name, value]) => `${oneLine(name, 40)}=${oneLine(text(value), 80)}`);
  return [...shown, ...(all.length > MAX_LABELS ? [`and ${all.length - MAX_LABELS} more`] : [])].join(', ');
}

/** `training.in_progress` as people say it. */
function words(type: string): string {
  return type.replace(/[._]+/g, ' ');
}

/** Of two ISO times: the two largest units, `1 h 5 min`; empty where one is missing. */
function durationOf(from: unknown, to: unknown): string {
  const seconds = Math.round((Date.parse(text(to)) - Date.parse(text(from))) / 1_000);
  if (!(seconds >= 0)) return '';
  const units: [string, number][] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3_600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ];
  const first = units.findIndex(([unit, count]) => count > 0 || unit === 's');
  const largest = units.slice(first, first + 2).filter(([, count], i) => i === 0 || count > 0);
  return largest.map(([unit, count]) => `${count} ${unit}`).join(' ');
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Invisible characters could hide or turn around what is said; of addresses no more than the host, for they may be signed. */
export function oneLine(value: string, max: number): string {
  const plain = value
    .toWellFormed()
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>]+/gi, hostOnly)
    .trim();
  const characters = [...plain];
  return characters.length <= max ? plain : `${characters.slice(0, max - 1).join('')}…`;
}

function hostOnly(address: string): string {
  if (!URL.canParse(address)) return '…';
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}/…`;
}
