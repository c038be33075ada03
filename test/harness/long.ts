/** What takes long is a command of its own, `npm run test:long`; the suite does a small version of it. */
const LONG = process.env.SIGNALBOX_LONG === 'true';

export const itLong = LONG ? it : it.skip;
export const describeLong = LONG ? describe : describe.skip;

/** All of them, or the first few that stand for the others. */
export const few = <T>(all: readonly T[], count: number): readonly T[] => (LONG ? all : all.slice(0, count));
