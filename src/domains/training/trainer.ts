import { outsideUrlFault } from '../../kernel/http/outside-url.js';

/** What an input of a trainer may be, and what the vendor takes when it is left out. */
export type TrainerInput =
  | { type: 'count'; default?: number }
  | { type: 'rate'; default?: number }
  | { type: 'flag'; default?: boolean }
  | { type: 'text'; default?: string }
  | { type: 'address'; default?: string }
  | { type: 'choice'; of: readonly string[]; default?: string };

/** A model of fal.ai that learns from images. */
export interface Trainer {
  /** The vendor's name of it, and the path of its queue. */
  id: string;
  /** The input that names the address of the zip with the images. */
  imagesInput: 'images_data_url' | 'image_data_url' | 'training_data_url' | 'data_url';
  /** Every other documented input, under the vendor's names. */
  inputs: Readonly<Record<string, TrainerInput>>;
  /** Which of the inputs is the word that calls what was learned; null where there is none. */
  triggerInput: 'trigger_word' | 'trigger_phrase' | null;
  /** Inputs without which the vendor takes nothing. */
  required?: readonly string[];
  /** How many images the vendor advises; fewer are taken. */
  advisedImages?: number;
  /** Images come in pairs, before and after. */
  pairs?: true;
  /** What becomes of an image without a caption of its own: the training fails unless this input is given. */
  captionInput?: 'default_caption';
  /** Captions of the images switch the trigger off. */
  captionsReplaceTrigger?: true;
  /** What to take instead of it: the vendor has switched it off. */
  retired?: { instead: string };
  /** US dollars, where we know it. */
  price?: TrainerPrice;
  /** Where it is documented. */
  source: string;
}

export interface TrainerPrice {
  perStep: number;
  /** Steps that are billed at least. */
  leastSteps?: number;
  /** Steps of a training that does not say. */
  usualSteps: number;
}

/** What is wrong with a value that is not null, as a phrase to follow the field's name; null when nothing is. */
export function inputFault(input: TrainerInput, value: unknown, allowCidrs: readonly string[]): string | null {
  switch (input.type) {
    case 'count':
      return Number.isSafeInteger(value) && (value as number) > 0 ? null : 'must be a whole number above 0';
    case 'rate':
      return typeof value === 'number' && value > 0 && value <= 1 ? null : 'must be a number above 0, and 1 at most';
    case 'flag':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'text':
      return textFault(value);
    case 'address':
      return textFault(value) ?? outsideUrlFault(value as string, allowCidrs);
    case 'choice':
      return input.of.includes(value as string) ? null : `must be one of ${input.of.join(', ')}`;
  }
}

const MOST_TEXT = 5_000;

function textFault(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return 'must be a text that is not empty';
  if (value.length > MOST_TEXT) return `must have ${MOST_TEXT} characters at most`;
  return value.isWellFormed() && !value.includes('\u0000') ? null : 'must be well-formed text without NUL';
}
