import { membersOf, whole } from '../../kernel/jobs/results/json-members.js';
import { jsonSafe } from '../../kernel/database/json-safe.js';
import type { Fields } from '../../kernel/http/json-fields.js';
import type { LargeOutput, VendorJob } from './pyannote.answers.js';
import { standingOf } from './pyannote.words.js';
import type { SpeakerKind } from './speaker-kind.js';
import { FRAME_SCORES } from './speaker-options.js';

type Bytes = AsyncIterable<Uint8Array>;

/** Frame scores are nearly all of a large output, and nothing that we look into. */
const isScore = (name: string) => FRAME_SCORES.some((score) => score === name);
/** Most bytes of the rest, which is held: the words of a day have 20 MB. */
const MOST_HELD = 64 * 1_024 * 1_024;
const MOST_STATUS = 1_024;

/**
 * A job whose answer is too large to be held: read as far as its output. The vendor's order of fields is not promised, so a
 * status that comes after the output is looked at when the output has been read.
 */
export async function largeJobFrom(answer: Bytes): Promise<VendorJob> {
  const members = membersOf(answer);
  let status: unknown;
  for (let next = await members.next(); next.done !== true; next = await members.next()) {
    const { name, value } = next.value;
    if (name === 'status') status = await small(value);
    if (name !== 'output') continue;
    const standing = standingOf(status);
    if (status === undefined || (standing && 'ended' in standing && standing.ended === 'succeeded')) {
      return { status: status ?? 'succeeded', output: null, large: { text: outputAndStatus(value, members, status) } };
    }
    await members.return();
    return { status, output: null };
  }
  throw new Error('pyannote answers at great length with something else than documented');
}

async function* outputAndStatus(output: Bytes, members: ReturnType<typeof membersOf>, known: unknown): Bytes {
  try {
    yield* output;
    let status = known;
    for (let next = await members.next(); next.done !== true; next = await members.next()) {
      if (next.value.name === 'status') status = await small(next.value.value);
    }
    const standing = standingOf(status);
    if (!standing || !('ended' in standing) || standing.ended !== 'succeeded')
      throw new Error('pyannote shows a large output of a job that has not succeeded');
  } finally {
    await members.return();
  }
}

/**
 * The result that the kind makes of a large output, as JSON text: frame scores go through as they come, the rest is held and
 * comes after them. @throws when the output is not usable, as the kind judges it
 */
export async function* largeResult(kind: SpeakerKind, { text }: LargeOutput): Bytes {
  const held: [string, unknown][] = [];
  let left = MOST_HELD;
  let before = '{';
  for await (const { name, value } of membersOf(text)) {
    if (isScore(name)) {
      yield Buffer.from(`${before}${JSON.stringify(name)}:`);
      yield* value;
      before = ',';
      continue;
    }
    const bytes = await whole(value, left);
    left -= bytes.length;
    held.push([name, JSON.parse(bytes.toString('utf8'))]);
  }
  const result = kind.result(Object.fromEntries(held));
  if (!result) throw new Error('pyannote says succeeded but shows no usable output');
  for (const [name, value] of Object.entries(jsonSafe(result) as Fields)) {
    yield Buffer.from(`${before}${JSON.stringify(name)}:${JSON.stringify(value)}`);
    before = ',';
  }
  yield Buffer.from(before === '{' ? '{}' : '}');
}

const small = async (value: Bytes): Promise<unknown> => JSON.parse((await whole(value, MOST_STATUS)).toString('utf8'));
