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

/** A number out of a text: the letters that are mistaken for digits put right, and spaces inside it closed. */
export function toDigits(text: string): string {
  return text
    .replace(/(?<=[\d\s])[ОоOoDQ](?=[\d\s])|(?<=\d)[ОоOo]|[ОоOo](?=\d)/g, '0')
    .replace(/(?<=\d)[lI|]|[lI|](?=\d)/g, '1')
    .replace(/(?<=\d)З|З(?=\d)/g, '3')
    .replace(/(?<=\d)[Бб](?=\d)/g, '6')
    .replace(/(\d)[ ](?=\d)/g, '$1');
}
