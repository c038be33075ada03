const DAY = 24 * 60 * 60;

/** For how long an old key is good beside its successor, in seconds. */
export const DEFAULT_OVERLAP = DAY;
export const MAX_OVERLAP = 30 * DAY;
