import { randomUUID } from 'node:crypto';
import type { Answers, Reply } from '../answers.js';
import type { Place } from './fault-catalogue.js';

export type PyannoteAnswers = Answers<Place>;

/** Error bodies as the vendor words them: some carry a request id, some a list of fields, none a machine's code. */
export function problem(code: number, message: string): Reply {
  if (code === 400) return { code, body: { message, errors: [] } };
  if (code === 402 || code === 429) return { code, body: { requestId: randomUUID(), message } };
  return { code, body: { message } };
}
