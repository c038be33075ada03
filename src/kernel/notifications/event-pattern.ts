const WORD = '[a-z][a-z0-9_]*';
const PATTERN = new RegExp(`^(\\*|(${WORD}|\\*)\\.(${WORD}|\\*))$`);

/** Whether an event type (`diarization.succeeded`) is meant by a pattern: exact, `diarization.*`, `*.failed`, `*`. */
export function isMeant(pattern: string, type: string): boolean {
  if (pattern === '*') return true;
  const [kind, word] = pattern.split('.');
  const dot = type.indexOf('.');
  const fits = (part: string | undefined, own: string) => part === '*' || part === own;
  return fits(kind, type.slice(0, dot)) && fits(word, type.slice(dot + 1));
}

/** Why a text is no pattern; null when it is one. */
export function patternFault(pattern: string): string | null {
  if (PATTERN.test(pattern)) return null;
  return `${pattern} is no pattern; write diarization.succeeded, diarization.*, *.failed or *`;
}
