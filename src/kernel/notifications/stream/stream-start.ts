import { Injectable } from '@nestjs/common';
import { invalidField } from '../../http/problem.js';
import { beginningOf, formatCursor, isBeginning, parseCursor } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';
import { EventPlaces } from './event-places.js';
import type { ResetReason } from './event-places.js';
import { EventReader } from './event-reader.js';
import type { StreamWish } from './open-stream.js';
import { sseComment, sseMessage } from './sse.js';

/** What a client says about where it stands. */
export interface StreamFrom {
  lastEventId?: string;
  since?: Date;
}

export interface StreamStart {
  position: EventCursor;
  /** What the client is told first. */
  prelude: string;
}

/** Where a stream begins: after what the client has, at a time, at the beginning of its job, or now. */
@Injectable()
export class StreamStarts {
  constructor(
    private readonly reader: EventReader,
    private readonly places: EventPlaces,
  ) {}

  /** Null when nothing will ever come after what the client has. @throws a 400 for an id that is none */
  async of(wish: StreamWish, { lastEventId, since }: StreamFrom): Promise<StreamStart | null> {
    if (lastEventId) return this.resumed(wish, lastEventId);
    if ('jobId' in wish.scope) return { position: beginningOf(0), prelude: sseComment('connected') };
    if (since) return { position: await this.places.before(since), prelude: sseComment('connected') };
    const position = await this.reader.now();
    // A client that is cut off before the first event comes back to this place.
    return { position, prelude: sseComment('connected', formatCursor(position)) };
  }

  private async resumed({ scope, lastTypes }: StreamWish, lastEventId: string): Promise<StreamStart | null> {
    const position = parseCursor(lastEventId);
    if (!position) throw invalidField('Last-Event-ID', 'is not one that we gave out; start again without it');
    const { epoch, reset } = await this.places.fateOf(position);
    const isOfJob = 'jobId' in scope;
    if (reset) return { position: beginningOf(isOfJob ? 0 : epoch), prelude: resetMessage(epoch, reset) };
    if (!isOfJob) return { position, prelude: sseComment('connected') };
    if (isBeginning(position)) return { position: beginningOf(0), prelude: sseComment('connected') };
    const isOver = lastTypes.length > 0 && (await this.places.isPast(scope.jobId, lastTypes, position));
    return isOver ? null : { position, prelude: sseComment('connected') };
  }
}

/** With an id, so that it is sent once. */
function resetMessage(epoch: number, reason: ResetReason): string {
  const id = formatCursor(beginningOf(epoch));
  return sseMessage({ id, event: 'reset', data: JSON.stringify({ reason }) }).toString();
}
