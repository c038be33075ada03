import type { FeedEvent } from './event-feed.js';

interface Told {
  timestamp?: string;
  data?: Record<string, unknown>;
}

interface Subject {
  id?: string;
  error?: { code: string; message: string } | null;
}

/** What an event is about, in one line for people: when, what, which. */
export function eventLine({ type, body }: Pick<FeedEvent, 'type' | 'body'>): string {
  const { timestamp = '', data = {} } = readBody(body);
  const [name, subject] = subjectIn(data);
  const which = subject?.id === undefined ? '' : `${name} ${subject.id}`;
  const why = subject?.error ? `${subject.error.code}: ${subject.error.message}` : '';
  return [timestamp, type.padEnd(26), which, why]
    .filter((part) => part !== '')
    .join('  ')
    .trimEnd();
}

/** What the timeline of a job has no announcement for says its job all the same. */
function subjectIn(data: Record<string, unknown>): [string, Subject | undefined] {
  const found = Object.entries(data).find(([, part]) => typeof part === 'object' && part !== null && 'id' in part);
  if (found) return found as [string, Subject];
  return ['job', typeof data.jobId === 'string' ? { id: data.jobId } : undefined];
}

function readBody(body: string): Told {
  try {
    return (JSON.parse(body) ?? {}) as Told;
  } catch {
    return {};
  }
}
