import { isMeant } from '../event-pattern.js';
import type { StreamEvent } from './stream-event.js';

/** Whose events a stream shows: those of one job with all that its timeline has, or what teams are told. */
export type StreamScope = { jobId: string } | { teamId: string } | { all: true };

/** What of it is wanted; an empty list wants all. */
export interface StreamFilter {
  types: readonly string[];
  kinds: readonly string[];
  /** All of them must be there. */
  labels: Readonly<Record<string, string>>;
  /** Nothing that happened before it. */
  since: Date | null;
}

export const EVERYTHING: StreamFilter = { types: [], kinds: [], labels: {}, since: null };

export function isInScope(scope: StreamScope, event: StreamEvent): boolean {
  if ('jobId' in scope) return event.jobId === scope.jobId;
  return event.isAnnounced && ('all' in scope || event.teamId === scope.teamId);
}

export function isWanted({ types, kinds, labels, since }: StreamFilter, event: StreamEvent): boolean {
  if (since !== null && event.at < since) return false;
  if (types.length > 0 && !types.some((pattern) => isMeant(pattern, event.type))) return false;
  const names = Object.keys(labels);
  if (kinds.length === 0 && names.length === 0) return true;
  const { told } = event;
  if (kinds.length > 0 && !(told.kind !== null && kinds.includes(told.kind))) return false;
  return names.every((name) => Object.hasOwn(told.labels, name) && told.labels[name] === labels[name]);
}
