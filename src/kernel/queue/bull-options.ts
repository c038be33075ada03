import type { QueueOptions } from 'bull';
import { Pace, SECOND } from '../config/pace.js';
import type { RedisLines } from './redis-lines.js';

/** Together under the lease of the work itself (60 s): a dead worker's bell has gone before its row is due again. */
const LOCK = 20 * SECOND;
const STALLED_EVERY = 10 * SECOND;

/**
 * What all queues have in common. A bell is gone once it was answered, however that went: Bull swallows, without a word,
 * whatever has the id of something that it keeps. A bell whose worker vanished is dropped as well (`maxStalledCount: 0`):
 * the lease in Postgres says when the work may be taken again, and the sweep rings then.
 */
export function bullOptions(lines: RedisLines, prefix: string, pace: Pace): QueueOptions & { skipVersionCheck: true } {
  return {
    prefix,
    createClient: (type) => lines.forBull(type),
    // The link has looked at the version, and says so in our words.
    skipVersionCheck: true,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    settings: {
      lockDuration: Math.round(pace.patience(LOCK)),
      stalledInterval: Math.round(pace.patience(STALLED_EVERY)),
      maxStalledCount: 0,
      retryProcessDelay: SECOND,
      // We delay nothing by Bull.
      guardInterval: 60 * SECOND,
    },
  };
}
