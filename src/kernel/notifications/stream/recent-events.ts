import { compareCursors, isAfter } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';
import type { StreamEvent } from './stream-event.js';

const MOST = 1_000;
const MOST_BYTES = 8 * 1_024 * 1_024;

/** The last events that were read: whoever is not far behind the tail catches up from here without a query. */
export class RecentEvents {
  private events: StreamEvent[] = [];
  private bytes = 0;

  /** Holds everything after `start`, as long as it has room. */
  constructor(
    private start: EventCursor,
    private readonly most = MOST,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  add(events: readonly StreamEvent[]): void {
    this.events.push(...events);
    for (const event of events) this.bytes += event.message.length;
    this.drop((_, left) => left > this.most || this.bytes > this.mostBytes);
  }

  /** What was erased is not told of from here for long. */
  forget(before: Date): void {
    this.drop((oldest) => oldest.at < before);
  }

  /** Everything that was read after a place; null where not all of it is here. */
  after(cursor: EventCursor): StreamEvent[] | null {
    if (isAfter(this.start, cursor)) return null;
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.events[middle];
      if (event && compareCursors(event.cursor, cursor) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.events.slice(low);
  }

  private drop(isTooMuch: (oldest: StreamEvent, left: number) => boolean): void {
    let dropped = 0;
    for (const oldest of this.events) {
      if (!isTooMuch(oldest, this.events.length - dropped)) break;
      dropped += 1;
      this.bytes -= oldest.message.length;
      this.start = oldest.cursor;
    }
    if (dropped > 0) this.events = this.events.slice(dropped);
  }
}
