import type { TrainingType } from './trainers.js';

/** A training as it is kept, `input` of its job. */
export interface TrainingInput {
  /** Null where the caller chose a trainer by its id. */
  type: TrainingType | null;
  trainer: string;
  /** The images: the address of a zip, the id of an uploaded one, or the ids of uploaded images and .txt captions. */
  url?: string;
  file?: string;
  files?: string[];
  /** With `files`: captions by the names of their images. */
  captions?: Record<string, string>;
  /** What the vendor is told, under its own names, without the address of the images. */
  inputs: Record<string, unknown>;
  /** What may have been meant otherwise; it was taken all the same. */
  warnings?: string[];
}
