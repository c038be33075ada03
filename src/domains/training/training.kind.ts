import { DAY, MINUTE, SECOND } from '../../kernel/config/pace.js';
import type { KindSpec } from '../../kernel/jobs/provider.js';
import { priceOf } from './trainer-prices.js';

/**
 * What the kernel knows about a training. A result of 10 KB and more is told of for about six minutes only, so a job whose
 * notice may be lost is asked about at 2, 5 and 10 minutes and then every five: 2, 3.2, 5, 5, … one after the other.
 */
export const training: KindSpec = {
  kind: 'training',
  deadline: DAY,
  checks: {
    withWebhook: { first: 2 * MINUTE, factor: 1.6, max: 5 * MINUTE },
    withoutWebhook: { first: 5 * SECOND, factor: 1.5, max: 30 * SECOND },
  },
  phases: [
    { name: 'in_queue', rank: 0, announced: false },
    { name: 'in_progress', rank: 1, announced: true },
  ],
  resubmit: 'never',
  price: priceOf,
};
