import type { MigrationInterface } from 'typeorm';
import { Spine1763683200000 } from './1763683200000-spine.js';
import { Files1763769600000 } from './1763769600000-files.js';
import { Voiceprints1763856000000 } from './1763856000000-voiceprints.js';
import { Results1763942400000 } from './1763942400000-results.js';
import { Batches1764028800000 } from './1764028800000-batches.js';
import { Handlers1764028860000 } from './1764028860000-handlers.js';
import { TeamLimits1764115200000 } from './1764115200000-team-limits.js';
import { DeliveryReplays1764201600000 } from './1764201600000-delivery-replays.js';
import { Notifications1764288000000 } from './1764288000000-notifications.js';
import { KeyWitness1764374400000 } from './1764374400000-key-witness.js';
import { EventsTeam1764460800000 } from './1764460800000-events-team.js';
import { Models1764547200000 } from './1764547200000-models.js';

/** In order, each by hand: a glob finds other files when the service is built than when it is tested. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Spine1763683200000,
  Files1763769600000,
  Voiceprints1763856000000,
  Results1763942400000,
  Batches1764028800000,
  Handlers1764028860000,
  TeamLimits1764115200000,
  DeliveryReplays1764201600000,
  Notifications1764288000000,
  KeyWitness1764374400000,
  EventsTeam1764460800000,
  Models1764547200000,
];
