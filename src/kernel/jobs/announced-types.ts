import type { EventType } from '../notifications/event-types.js';
import { BATCH_FINISHED } from './batches/batch-progress.js';
import { SETTLED } from './job-status.js';
import type { ProviderRegistry } from './provider-registry.js';

/** What is ever announced of jobs: settled states and announced phases of every kind, and the end of a batch. */
export function announcedTypes(registry: ProviderRegistry): EventType[] {
  const ofKinds = registry
    .kindNames()
    .flatMap((kind) => [
      ...SETTLED.map((status) => ({ type: `${kind}.${status}`, about: `${one(kind)} is ${status}` })),
      ...[...registry.announcedPhases(kind)].map((type) => ({ type, about: `${one(kind)} came into this phase` })),
    ]);
  return [...ofKinds, { type: BATCH_FINISHED, about: 'the last job of a batch is settled' }];
}

const one = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
