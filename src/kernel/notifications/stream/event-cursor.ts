/** The place of an event in the order of all events: (epoch, tx, seq). */
export interface EventCursor {
  readonly epoch: number;
  readonly tx: bigint;
  readonly seq: bigint;
}

/** As clients hold it, who need not understand it. Within integer and bigint: anything else is an error of the database. */
const TEXT = /^(\d{1,9})-(\d{1,18})-(\d{1,18})$/;

export function formatCursor({ epoch, tx, seq }: EventCursor): string {
  return `${epoch}-${tx}-${seq}`;
}

/** Null for a text that was never an id of ours. */
export function parseCursor(text: string): EventCursor | null {
  const [, epoch, tx, seq] = TEXT.exec(text) ?? [];
  if (epoch === undefined || tx === undefined || seq === undefined) return null;
  return { epoch: Number(epoch), tx: BigInt(tx), seq: BigInt(seq) };
}

/** Below 0 when `a` is before `b`, 0 when they are the same place. */
export function compareCursors(a: EventCursor, b: EventCursor): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.tx !== b.tx) return a.tx < b.tx ? -1 : 1;
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1;
  return 0;
}

export const isAfter = (a: EventCursor, b: EventCursor): boolean => compareCursors(a, b) > 0;

export const later = (a: EventCursor, b: EventCursor): EventCursor => (isAfter(a, b) ? a : b);

/** Before the first event of an epoch. */
export const beginningOf = (epoch: number): EventCursor => ({ epoch, tx: 0n, seq: 0n });

export const isBeginning = ({ tx }: EventCursor): boolean => tx === 0n;
