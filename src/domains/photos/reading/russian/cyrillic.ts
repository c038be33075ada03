import { plain } from '../extraction/text-key.js';

const LATIN = 'ABCEHKMOPTXYaceopxyu0';
const CYRILLIC = 'АВСЕНКМОРТХУасеорхуиО';

/** Latin letters that print like Cyrillic ones become those. */
export function toCyrillic(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => {
    const at = LATIN.indexOf(letter);
    return at < 0 ? letter : CYRILLIC.charAt(at);
  });
}

/** For finding Russian words: letters and digits alone, ё as е, 0 as о, 3 as з between letters. */
export function russianKey(text: string): string {
  return plain(toCyrillic(text))
    .replace(/ё/g, 'е')
    .replace(/(?<=[а-я])3|3(?=[а-я])/g, 'з')
    .replace(/0/g, 'о');
}

/** The letters that are mistaken for digits, beside digits, put right; of the same length as the text. */
export function lettersToDigits(text: string): string {
  return text
    .replace(/(?<=\d)[ОоOoDQ]|[ОоOoDQ](?=\d)/g, '0')
    .replace(/(?<=\d)[lI|]|[lI|](?=\d)/g, '1')
    .replace(/(?<=\d)З|З(?=\d)/g, '3')
    .replace(/(?<=\d)[Бб](?=\d)/g, '6');
}

/** A long number out of a text: with the spaces inside it closed. */
export const toDigits = (text: string) => lettersToDigits(text).replace(/(\d)[ ](?=\d)/g, '$1');

/** "1 234 . 50", and the sign of equality before an amount, which is often read as a dash, left out. */
export const amountText = (text: string) =>
  text
    .replace(/(^|\s)[-–—≡=*]+\s?(?=\d)/g, '$1 ')
    .replace(/[≡=]/g, ' ')
    .replace(/(\d) ?([.,]) ?(\d\d)(?!\d)/g, '$1$2$3');
