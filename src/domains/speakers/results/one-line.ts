/** Controls, line and paragraph separators, what hides in text or turns its direction around, and halves of letters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** The joiner inside emoji of several parts is no trick. */
const JOINER = '\u200d';

/** Text on one line, without anything invisible; runs of space become one. */
export function oneLine(text: string): string {
  const seen = text.replace(UNSEEN, (run) => (run === JOINER ? run : ' '));
  return seen.replace(/\s+/g, ' ').trim();
}
