/** One letter as it was read: where its middle is, as a share of the width of the line, and how sure it is. */
export interface ReadLetter {
  letter: string;
  x: number;
  confidence: number;
}

/** Which of the network's classes count, and as what. Class 0 is the blank. */
export interface LetterClasses {
  classes: Int32Array;
  letters: readonly string[];
}

/**
 * The classes whose letter is ASCII once full-width and other forms are folded (NFKC). Chinese signs are left out: they
 * can only be a misreading here, or text that no field wants.
 */
export function latinClasses(alphabet: readonly string[]): LetterClasses {
  const known = alphabet.flatMap((letter, index) => {
    const folded = FOLDED[letter] ?? letter.normalize('NFKC');
    return index > 0 && /^[ -~]$/.test(folded) ? [{ index, folded }] : [];
  });
  return { classes: Int32Array.from(known, ({ index }) => index), letters: known.map(({ folded }) => folded) };
}

const FOLDED: Readonly<Record<string, string>> = { '。': '.', '、': ',', '—': '-', '–': '-', '‘': "'", '’': "'" };

/** The best path of connectionist temporal classification: repeats are one letter, blanks divide. */
export function decode(output: Float32Array, steps: number, known: LetterClasses, filled: number): ReadLetter[] {
  const width = output.length / steps;
  const read: ReadLetter[] = [];
  let last = -1;
  for (let step = 0; step < steps; step++) {
    const base = step * width;
    let best = -1;
    let most = output[base] ?? 0;
    for (let k = 0; k < known.classes.length; k++) {
      const value = output[base + (known.classes[k] ?? 0)] ?? 0;
      if (value > most) {
        most = value;
        best = k;
      }
    }
    const x = (step + 0.5) / (steps * filled);
    if (best >= 0 && best !== last && x <= 1.02) {
      read.push({ letter: known.letters[best] ?? '', x, confidence: most });
    }
    last = best;
  }
  return read;
}
