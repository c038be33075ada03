import { formatCursor } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';
import { sseMessage } from './sse.js';

/** What filters are held against. */
interface Told {
  kind: string | null;
  labels: Readonly<Record<string, string>>;
}

export interface EventParts {
  cursor: EventCursor;
  jobId: string | null;
  teamId: string | null;
  type: string;
  at: Date;
  /** False: for the timeline of its job only. */
  isAnnounced: boolean;
  /** JSON in one line. */
  data: string;
}

/** An event as streams show it: written out once, however many they are, and read once, however many filter. */
export class StreamEvent {
  private bytes: Buffer | null = null;
  private read: Told | null = null;

  constructor(private readonly parts: EventParts) {}

  get cursor(): EventCursor {
    return this.parts.cursor;
  }

  get type(): string {
    return this.parts.type;
  }

  get jobId(): string | null {
    return this.parts.jobId;
  }

  get teamId(): string | null {
    return this.parts.teamId;
  }

  get at(): Date {
    return this.parts.at;
  }

  get isAnnounced(): boolean {
    return this.parts.isAnnounced;
  }

  /** The same body that webhooks have: `{ type, timestamp, data }`. */
  get message(): Buffer {
    const { cursor, type, at, data } = this.parts;
    return (this.bytes ??= sseMessage({
      id: formatCursor(cursor),
      event: type,
      data: `{"type":${JSON.stringify(type)},"timestamp":"${at.toISOString()}","data":${data}}`,
    }));
  }

  /** What it tells of, be it a job or a batch, says its kind and labels. */
  get told(): Told {
    return (this.read ??= toldIn(JSON.parse(this.parts.data)));
  }
}

function toldIn(data: unknown): Told {
  for (const part of Object.values(data ?? {})) {
    if (typeof part !== 'object' || part === null || !('kind' in part)) continue;
    const { kind, labels } = part as { kind: unknown; labels?: unknown };
    if (typeof kind !== 'string') continue;
    return { kind, labels: typeof labels === 'object' && labels !== null ? (labels as Told['labels']) : {} };
  }
  return { kind: null, labels: {} };
}
