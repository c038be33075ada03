import type { ReadLetter } from './ctc.js';
import type { ReadText } from './recognition.js';
import type { TextBox } from './text-box.js';

/** A box of text together with what was read in it. */
export interface TextLine {
  box: TextBox;
  text: string;
  letters: ReadLetter[];
  confidence: number;
}

/** A gap that is wider than this many usual steps from letter to letter was a space; the network drops many of them. */
const SPACE = 1.75;

export function textLine(box: TextBox, { letters, confidence }: ReadText): TextLine {
  return { box, letters, confidence, text: spaced(letters) };
}

export function spaced(letters: readonly ReadLetter[]): string {
  const steps = letters.slice(1).map(({ x }, i) => x - (letters[i]?.x ?? 0));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const parts = letters.map(({ letter }, i) => {
    const before = letters[i - 1];
    const wide = before && (steps[i - 1] ?? 0) > usual * SPACE && before.letter !== ' ' && letter !== ' ';
    return wide && !tight(before.letter, letter) ? ` ${letter}` : letter;
  });
  return parts.join('').trim();
}

/** Digits of one number stand apart in some fonts; a point or a comma takes little room. */
const tight = (left: string, right: string) => /[\d.,:/-]/.test(left) && /[\d.,:/-]/.test(right);
