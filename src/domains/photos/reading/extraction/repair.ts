import { FIRM_WORDS, PLACE_WORDS } from './vocabulary.js';

const LEAST = 4;
/** A word this long that is one lookalike off, or this much longer with two, is a misreading of a known word. */
const TWO_LETTERS_OFF = 8;

/** Letters that print alike: each group may stand for one another. */
const LOOK_ALIKES = [
  'IL1T|!',
  'TF',
  'IJ',
  'O0QDUC',
  'S5',
  'B8ER3H',
  'CG6O',
  'HMNW',
  'VYWU',
  'FPET',
  'KXRH',
  'A4R',
  'Z27',
  '9GQ',
  'NRV',
];

/** In short words, which are easily other words, only these. */
const SURE_LOOK_ALIKES = ['IL1|!', 'O0Q', 'S5', 'B8', 'G6', 'HMN', 'A4'];

/** Words that are a misread letter or two away from a word of places become that word; tokens of digits lose letters. */
export const repairAddress = (text: string) => repairTokens(repairWords(repairShapes(text), [PLACE_WORDS]));

/** The same with the words that firms call themselves by. */
export function repairMerchant(text: string): string {
  const firm = FIRM_SHAPES.reduce((told, [shape, right]) => told.replace(shape, right), text);
  return repairWords(firm.replace(/[A-Za-z]{2,}\d[A-Za-z]+/g, lettersOnly), [FIRM_WORDS, PLACE_WORDS]);
}

const FIRM_SHAPES: readonly [RegExp, string][] = [
  [/\bS\W?[DO0]\W?N\W{0,3}\s*[B68SDEH][HWNM][DO0]\b/gi, 'SDN BHD'],
  [/[S5]DN\W*(?:[B68SDE]|')[HN][DO0]\b/gi, 'SDN BHD'],
  [/\bS[DIOL0]{1,2}[NIHM1l]{1,2}\W{0,3}\s?[B8]HD\b/g, 'SDN BHD'],
  [/\bSDN\W{1,3}[A-Z]?[HN]D\b/g, 'SDN BHD'],
  [/\b5DN\b/gi, 'SDN'],
  [/\b[5S]\/[B8]\b/g, 'S/B'],
  [/[_|]+/g, ' '],
];

const SHAPES: readonly [RegExp, string][] = [
  [/\b(JIN|JlN|J1N|JIn|Jin|J\|n|JLM|JI\.N)\b/g, 'JLN'],
  [/\bN[0oO]\s?[.,:]?\s?(?=[\dlI])/g, 'No.'],
  [/^\W*(?:[1lI][0oO]t|10T|L0T)(?=\s?[\dA-Z])/, 'LOT'],
  [/\bN[o0O]\.[lI](?=[\d.,])/g, 'No.1'],
  [/\b[Ll]poh/g, 'Ipoh'],
  [/\s+P[O0]S(?:TED|'|T)?\s*(?=$|\s)/g, ' '],
];

const BETWEEN_LETTERS: readonly [RegExp, string][] = [
  [/(?<=[A-Za-z])[[\]|!](?=[A-Za-z])/g, 'I'],
  [/(?<=[A-Za-z])0(?=[A-Za-z]{2})|\b0(?=[A-Za-z]{3})/g, 'O'],
  [/(?<=[A-Za-z]{2})7(?=[A-Za-z]{2})/g, 'T'],
];

const repairShapes = (text: string) =>
  [...SHAPES, ...BETWEEN_LETTERS].reduce((told, [shape, right]) => told.replace(shape, right), text);

function repairWords(text: string, vocabularies: readonly ReadonlySet<string>[]): string {
  return text.replace(/[A-Za-z!|0156894]{4,}/g, (word) => {
    if (!/[A-Za-z]{2}/.test(word)) return word;
    const upper = word.toUpperCase();
    if (vocabularies.some((known) => known.has(upper))) return word;
    for (const known of vocabularies) {
      const right = nearest(upper, known);
      if (right) return styled(right, word);
    }
    return word;
  });
}

function nearest(upper: string, known: ReadonlySet<string>): string | null {
  for (const word of known) {
    if (word.length < LEAST || word.length !== upper.length) continue;
    const off = misread(upper, word);
    if (off <= (word.length >= TWO_LETTERS_OFF ? 2 : 1)) return word;
  }
  return null;
}

/** How many letters differ; infinite where two differ that do not print alike, unless the word is long. */
function misread(read: string, word: string): number {
  const groups = word.length > LEAST ? LOOK_ALIKES : SURE_LOOK_ALIKES;
  let off = 0;
  let strange = 0;
  for (let i = 0; i < word.length; i++) {
    const [a, b] = [read.charAt(i), word.charAt(i)];
    if (a === b) continue;
    if (!groups.some((group) => group.includes(a) && group.includes(b))) strange++;
    off++;
  }
  return strange === 0 || (off === 1 && word.length >= TWO_LETTERS_OFF) ? off : Infinity;
}

/** In the letters' case that the word was printed in. */
function styled(known: string, word: string): string {
  if (!/[a-z]{2}/.test(word)) return known;
  return /^[A-Z1!|]/.test(word) ? known.charAt(0) + known.slice(1).toLowerCase() : known.toLowerCase();
}

const DIGITS: Readonly<Record<string, string>> = { S: '5', O: '0', o: '0', I: '1', l: '1', B: '8', Z: '2' };
const digits = (token: string) => token.replace(/[SOoIlBZ]/g, (letter) => DIGITS[letter] ?? letter);

/** House numbers and postcodes: among digits, a letter that looks like a digit is one. */
function repairTokens(text: string): string {
  return text.replace(/[A-Za-z0-9/-]*\d[A-Za-z0-9/-]*|\/[lIO]+[A-Z0-9]*/g, (token) => {
    if (token.length > 10) return token;
    if (/^[\dSOoIlBZ]{5}$/.test(token) && /\d.*\d.*\d/.test(token)) return digits(token);
    return token
      .replace(/(?<=[\d/])[lI](?![a-z])|(?<![A-Za-z])[lI](?=[\dlI]*\d)|(?<=\b[A-Z])[lI](?=\d)|(?<=-[\dl]?)l\b/g, '1')
      .replace(/(?<=\/1?)[lI](?![a-z])/g, '1')
      .replace(/(?<=\d)[Oo](?=\d|[Oo]|$)/g, '0');
  });
}

const LETTERS: Readonly<Record<string, string>> = { '0': 'O', '1': 'I', '5': 'S', '6': 'G', '8': 'B', '9': 'g' };

/** "BAKER1ES": a single digit inside a long word is a letter. */
const lettersOnly = (word: string) =>
  word.length >= 5 ? word.replace(/\d/, (digit) => LETTERS[digit] ?? digit) : word;
