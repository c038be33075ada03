import { invalidRequest } from '../../kernel/http/problem.js';
import type { FieldError } from '../../kernel/http/problem.js';
import { inputFault } from './trainer.js';
import type { Trainer } from './trainer.js';
import { TRAINERS, TYPES, trainerOf } from './trainers.js';
import type { TrainingType } from './trainers.js';

type Fields = Record<string, unknown>;

/** Our name of the word that calls what was learned, whatever the trainer calls it. */
const TRIGGER = 'triggerWord';
const MOST_EXTRA = 16 * 1_024;
const IMAGES = new Set<string>(TRAINERS.map(({ imagesInput }) => imagesInput));

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Our name of a trainer's input. */
export const optionOf = ({ triggerInput }: Pick<Trainer, 'triggerInput'>, name: string): string =>
  name === triggerInput ? TRIGGER : camelCase(name);

const USABLE = TRAINERS.filter(({ retired }) => !retired);

/** Every option that some trainer has. */
export const OPTIONS: readonly string[] = [
  ...new Set(USABLE.flatMap((trainer) => Object.keys(trainer.inputs).map((name) => optionOf(trainer, name)))),
];

export interface Chosen {
  type: TrainingType | null;
  trainer: Trainer;
}

/** The trainer that a request means. @throws a 400 naming `type` or `trainer` */
export function chosenBy(request: { type?: TrainingType | null; trainer?: string | null }): Chosen {
  const { type = null, trainer: id = null } = request;
  if (type !== null && id !== null)
    throw refused('trainer', 'cannot be given together with type; leave one of them out');
  if (type === null && id === null)
    throw refused('type', 'is required: portrait or style; or name a trainer of fal.ai with trainer');
  const trainer = trainerOf(id ?? TYPES[type as TrainingType].trainer);
  if (!trainer) throw refused('trainer', `is none that we know; take one of ${USABLE.map(({ id }) => id).join(', ')}`);
  if (trainer.retired)
    throw refused('trainer', `is retired: fal.ai has switched ${trainer.id} off; take ${trainer.retired.instead}`);
  return { type, trainer };
}

/** What of a request the vendor is told, under its own names. @throws a 400 naming every option that does not fit */
export function inputsOf({ type, trainer }: Chosen, request: Fields, allowCidrs: readonly string[]): Fields {
  const faults: FieldError[] = [];
  const inputs: Fields = type === null ? {} : { ...TYPES[type].inputs };
  for (const field of OPTIONS) {
    const value = request[field];
    if (value == null) continue;
    const name = Object.keys(trainer.inputs).find((input) => optionOf(trainer, input) === field);
    const input = name === undefined ? undefined : trainer.inputs[name];
    const detail =
      name === undefined || !input
        ? `is no option of ${trainer.id}; leave it out, or take another trainer`
        : (inputFault(input, value, allowCidrs) ?? contradiction(type, inputs[name], value));
    if (detail !== null) faults.push({ field, detail });
    else if (name !== undefined) inputs[name] = value;
  }
  for (const name of trainer.required ?? []) {
    const field = optionOf(trainer, name);
    if (request[field] == null) faults.push({ field, detail: `is required by ${trainer.id}` });
  }
  const extra = extraFaults(trainer, request.extra);
  faults.push(...extra);
  if (faults.length > 0) throw invalidRequest(faults);
  return { ...inputs, ...(request.extra as Fields | null | undefined) };
}

function contradiction(type: TrainingType | null, set: unknown, value: unknown): string | null {
  return set === undefined || set === value
    ? null
    : `cannot be ${JSON.stringify(value)} for type ${type}; name the trainer instead of the type`;
}

/** Passed on as it is, so that what the vendor adds can be used today; what we know has a field of its own. */
function extraFaults(trainer: Trainer, extra: unknown): FieldError[] {
  if (extra == null) return [];
  if (typeof extra !== 'object' || Array.isArray(extra)) return [{ field: 'extra', detail: 'must be an object' }];
  const text = JSON.stringify(extra);
  if (Buffer.byteLength(text) > MOST_EXTRA)
    return [{ field: 'extra', detail: `has more than ${MOST_EXTRA} bytes as JSON; leave some out` }];
  return Object.keys(extra).flatMap((name) => {
    const detail = extraFault(trainer, name);
    return detail === null ? [] : [{ field: `extra.${name.slice(0, 64)}`, detail }];
  });
}

function extraFault(trainer: Trainer, name: string): string | null {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) return 'is no name of an input: small letters, digits and _';
  if (IMAGES.has(name)) return 'is where the images go; give them with url, file or files';
  return Object.hasOwn(trainer.inputs, name) ? `has a field of its own; use ${optionOf(trainer, name)}` : null;
}

const refused = (field: string, detail: string) => invalidRequest([{ field, detail }]);
