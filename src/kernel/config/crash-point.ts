/**
 * Every commit boundary of "one submit", "one check", "one notice" and "one notification". The crash journey kills a real process at each of
 * them in turn and asks the promise checker what was lost.
 */
export const CRASH_POINTS = [
  'create.committing',
  'create.committed',
  'submit.taken',
  'submit.asked',
  'submit.answered',
  'submit.committed',
  'notice.verified',
  'notice.stored',
  'notice.taken',
  'notice.interpreted',
  'notice.committed',
  'check.taken',
  'check.answered',
  'check.committed',
  'notification.taken',
  'notification.sent',
  'notification.committed',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed: string | null = null;

/** Chosen once at boot by `SIGNALBOX_CRASH_AT`; an unknown name is a boot error. */
export function armCrashPoint(name: string): void {
  if (name !== '' && !CRASH_POINTS.some((point) => point === name)) {
    throw new Error(`SIGNALBOX_CRASH_AT: "${name}" is none of ${CRASH_POINTS.join(', ')}`);
  }
  armed = name === '' ? null : name;
}

/** Dies here as by `kill -9` when armed for this point; else nothing. */
export function crashPoint(name: CrashPoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
