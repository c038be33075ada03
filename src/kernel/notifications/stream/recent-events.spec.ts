import type { EventCursor } from './event-cursor.js';
import { RecentEvents } from './recent-events.js';
import { StreamEvent } from './stream-event.js';

const place = (seq: number): EventCursor => ({ epoch: 1, tx: BigInt(seq), seq: BigInt(seq) });

const event = (seq: number, size = 2, at = 0) =>
  new StreamEvent({
    cursor: place(seq),
    jobId: null,
    teamId: null,
    type: 'x.y',
    at: new Date(at),
    isAnnounced: true,
    data: '1'.repeat(size),
  });

const seqs = (events: StreamEvent[] | null) => events?.map(({ cursor }) => Number(cursor.seq)) ?? null;

describe('the events that were read last', () => {
  it('are all that came after a place, also one between two events', () => {
    const recent = new RecentEvents(place(10));
    recent.add([event(12), event(14)]);
    recent.add([event(16)]);
    expect([10, 11, 12, 13, 15, 16, 99].map((seq) => seqs(recent.after(place(seq))))).toEqual([
      [12, 14, 16],
      [12, 14, 16],
      [14, 16],
      [14, 16],
      [16],
      [],
      [],
    ]);
  });

  it('do not pretend to know what came before they began', () => {
    expect(new RecentEvents(place(10)).after(place(9))).toBeNull();
    expect(new RecentEvents(place(10)).after(place(10))).toEqual([]);
  });

  it('make room for newer ones, and know then where they begin', () => {
    const recent = new RecentEvents(place(0), 3);
    recent.add([1, 2, 3, 4, 5].map((seq) => event(seq)));
    expect(recent.after(place(1))).toBeNull();
    expect(seqs(recent.after(place(2)))).toEqual([3, 4, 5]);
  });

  it('are forgotten after a while', () => {
    const recent = new RecentEvents(place(0));
    recent.add([event(1, 2, 1_000), event(2, 2, 2_000), event(3, 2, 3_000)]);
    recent.forget(new Date(2_500));
    expect(recent.after(place(1))).toBeNull();
    expect(seqs(recent.after(place(2)))).toEqual([3]);
  });

  it('take no more room than they may, however large one is', () => {
    const size = event(1, 100).message.length;
    const recent = new RecentEvents(place(0), 1_000, 2 * size);
    recent.add([event(1, 100), event(2, 100), event(3, 100)]);
    expect(recent.after(place(0))).toBeNull();
    expect(seqs(recent.after(place(1)))).toEqual([2, 3]);
    recent.add([event(4, 10_000)]);
    expect(recent.after(place(3))).toBeNull();
    expect(recent.after(place(4))).toEqual([]);
    recent.add([event(5, 100)]);
    expect(seqs(recent.after(place(4)))).toEqual([5]);
  });
});
