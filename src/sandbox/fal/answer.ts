import type { Answers, Reply } from '../answers.js';
import type { Place } from './fault-catalogue.js';

export type FalAnswers = Answers<Place>;

export function problem(code: number, message: string): Reply {
  return { code, body: { detail: message } };
}

export const NOT_FOUND: Reply = { code: 404, body: { status: 'NOT_FOUND' } };

export const LOCKED = problem(
  403,
  'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
);
