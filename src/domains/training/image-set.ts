import type { Trainer } from './trainer.js';
import { rootOf, shown } from './zip-entry.js';

/** What there is to learn from, by names. */
export interface ImageSet {
  images: readonly string[];
  captions: readonly string[];
  /** What is neither. */
  others: readonly string[];
}

const SOME = 5;

/** Photos without the masks that lie beside them as `photo_mask.jpg`. */
function photosOf({ images }: ImageSet): string[] {
  const roots = new Set(images.map(rootOf));
  return images.filter((name) => !/_mask$/.test(rootOf(name)) || !roots.has(rootOf(name).replace(/_mask$/, '')));
}

/** Photos that no caption is there for. */
export function uncaptioned(set: ImageSet): string[] {
  const captioned = new Set(set.captions.map(rootOf));
  return photosOf(set).filter((name) => !captioned.has(rootOf(name)));
}

/** What the trainer takes, though it may not be what was meant. */
export function warningsOf(trainer: Trainer, set: ImageSet, inputs: Readonly<Record<string, unknown>>): string[] {
  const photos = photosOf(set);
  const roots = new Set(photos.map(rootOf));
  const lost = set.captions.filter((name) => !roots.has(rootOf(name)));
  const nested = set.images.filter((name) => name.includes('/'));
  const { advisedImages = 0, captionsReplaceTrigger, triggerInput } = trainer;
  const isUnused =
    captionsReplaceTrigger === true && set.captions.length > 0 && triggerInput !== null && inputs[triggerInput] != null;
  return [
    photos.length < advisedImages
      ? `${photos.length === 1 ? 'there is 1 image' : `there are ${photos.length} images`}; at least ${advisedImages} are advised for ${trainer.id}`
      : '',
    lost.length > 0 && !trainer.pairs ? `captions that belong to no image: ${named(lost)}` : '',
    nested.length > 0 ? `images in folders: ${named(nested)}; whether trainers look there is not documented` : '',
    set.others.length > 0 ? `neither images nor captions: ${named(set.others)}` : '',
    isUnused ? `${trainer.id} does not use triggerWord where there are captions` : '',
  ].filter((warning) => warning !== '');
}

export function named(names: readonly string[]): string {
  const some = names.slice(0, SOME).map(shown).join(', ');
  return names.length > SOME ? `${some} and ${names.length - SOME} more` : some;
}
