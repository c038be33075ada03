import { Injectable } from '@nestjs/common';
import type { EventCursor } from './event-cursor.js';
import { EventReader } from './event-reader.js';
import type { Reading } from './event-reader.js';
import type { StreamScope } from './stream-filter.js';

/** Pages that are read at the same time: a thousand streams that come back at once leave the pool to others. */
const AT_ONCE = 2;

/** What streams have missed, read page by page, by a few at a time. */
@Injectable()
export class StreamHistory {
  private free = AT_ONCE;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly reader: EventReader) {}

  async page(scope: StreamScope, after: EventCursor, limit: number): Promise<Reading> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((turn) => this.queue.push(turn));
    try {
      return await this.reader.of(scope, after, limit);
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
