import type { FieldError } from '../../kernel/http/problem.js';
import type { Photo } from './photo.js';
import { rootOf, shown } from './zip-entry.js';

const MOST_CHARACTERS = 5_000;

/** Captions that a request gives by the names of its images, as the .txt files that trainers read. */
export function captionsOf(
  texts: Readonly<Record<string, unknown>>,
  photos: readonly Photo[],
  allThere: boolean,
): { captions: { name: string; text: string }[]; faults: FieldError[] } {
  const captions: { name: string; text: string }[] = [];
  const faults: FieldError[] = [];
  const taken = new Map(photos.filter(({ kind }) => kind === 'caption').map(({ name }) => [rootOf(name), name]));
  for (const [key, text] of Object.entries(texts)) {
    const image = photos.find(({ name, kind }) => kind === 'image' && name.toLowerCase() === key.toLowerCase());
    const detail = image ? captionFault(text, taken.get(rootOf(image.name))) : allThere ? NOBODYS : null;
    if (detail !== null) faults.push({ field: `captions[${shown(key)}]`, detail });
    else if (image) {
      const name = image.name.replace(/\.[^.]*$/, '.txt');
      captions.push({ name, text: text as string });
      taken.set(rootOf(name), key);
    }
    if (faults.length > 20) break;
  }
  return { captions, faults };
}

const NOBODYS = 'is the name of none of these images; give it as it was uploaded';

function captionFault(text: unknown, other: string | undefined): string | null {
  if (typeof text !== 'string' || text.trim() === '' || text.length > MOST_CHARACTERS)
    return `must be a text of 1 to ${MOST_CHARACTERS} characters`;
  if (!text.isWellFormed() || text.includes('\u0000')) return 'must be well-formed text without NUL';
  return other === undefined ? null : `is captioned by ${shown(other)} too; leave one of them out`;
}
