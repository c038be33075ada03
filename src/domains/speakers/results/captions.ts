import type { Conversation, Spoken } from './conversation.js';

/** A caption that stays longer, or has more letters, than this is cut where a word ends: two lines of a screen. */
const LONGEST = 7_000;
const MOST_LETTERS = 84;
/** A silence of this many milliseconds begins a new caption, and a new paragraph. */
const SILENCE = 1_000;

/** Short pieces to be read while they are said, made of words where there are any; null without a transcription. */
export function captionsOf({ words, said }: Conversation): readonly Spoken[] | null {
  if (words === null || words.length === 0) return said ?? words;
  return joined(
    words,
    (caption, word) => word.end - caption.start <= LONGEST && caption.text.length + word.text.length < MOST_LETTERS,
  );
}

/** Turn by turn as the vendor tells them, else made of words; null without a transcription. */
export function paragraphsOf({ words, said }: Conversation): readonly Spoken[] | null {
  return said ?? (words && joined(words, () => true));
}

/** Words of one speaker without a silence between them, as long as there is room. */
function joined(words: readonly Spoken[], hasRoom: (piece: Spoken, word: Spoken) => boolean): Spoken[] {
  const pieces: Spoken[] = [];
  for (const word of words) {
    const last = pieces.at(-1);
    if (last?.speaker === word.speaker && word.start - last.end < SILENCE && hasRoom(last, word)) {
      last.text = `${last.text} ${word.text}`;
      last.end = Math.max(last.end, word.end);
    } else {
      pieces.push({ ...word });
    }
  }
  return pieces;
}
