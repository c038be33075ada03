import type { Trainer } from './trainers.js';

/** One entry of a model's `detail`. */
export interface Finding {
  loc: (string | number)[];
  msg: string;
  type: string;
  url?: string;
  input?: unknown;
}

const MESSAGES = {
  string: ['string_type', 'Input should be a valid string'],
  int: ['int_parsing', 'Input should be a valid integer, unable to parse string as an integer'],
  float: ['float_parsing', 'Input should be a valid number, unable to parse string as a number'],
  bool: ['bool_parsing', 'Input should be a valid boolean, unable to interpret input'],
} as const;

const IS = {
  string: (value: unknown) => typeof value === 'string',
  int: (value: unknown) => Number.isInteger(value),
  float: (value: unknown) => typeof value === 'number',
  bool: (value: unknown) => typeof value === 'boolean',
};

/** What the trainer has against its input, in the form of its own framework; inputs it does not know it ignores. */
export function findings({ required, types, images }: Trainer, input: Record<string, unknown>): Finding[] {
  const missing = required
    .filter((name) => input[name] == null)
    .map((name) => ({ loc: ['body', name], msg: 'Field required', type: 'missing', input }));
  const wrong = Object.entries({ ...types, [images]: 'string' as const })
    .filter(([name, type]) => input[name] != null && !IS[type](input[name]))
    .map(([name, type]) => finding(name, MESSAGES[type][0], MESSAGES[type][1], input[name]));
  return [...missing, ...wrong];
}

export function finding(name: string, type: string, msg: string, input?: unknown): Finding {
  return { loc: ['body', name], msg, type, ...(input === undefined ? {} : { input }) };
}

/** When the archive cannot be used; `type` names the page of the vendor's manual. */
export function archiveFinding(name: string, type: string, msg: string, input: unknown): Finding {
  return { ...finding(name, type, msg, input), url: `https://docs.fal.ai/errors#${type}` };
}
