import { patternFault } from '../../notifications/event-pattern.js';
import { JOB_STATUSES, isSettled } from '../job-status.js';

/** Why nothing will ever be meant by a handler's pattern; null when something may. */
export function handlerPatternFault(pattern: string): string | null {
  const fault = patternFault(pattern);
  if (fault !== null) return fault;
  const word = pattern.split('.')[1];
  const status = JOB_STATUSES.find((name) => name === word);
  return status && !isSettled(status) ? `${pattern} never comes: ${status} is not announced` : null;
}
