import { Injectable } from '@nestjs/common';
import { MasterKey } from '../config/master-key.js';
import { Pace } from '../config/pace.js';
import { PlanTokens } from '../teams/plan-tokens.js';
import type { Outcome } from './delivery.entity.js';

/** Which deliveries somebody wants to have replayed. Times are ISO 8601. */
export interface ReplayFilter {
  source?: string;
  outcome?: readonly Outcome[];
  job?: string;
  after: string;
  before?: string;
}

/** A filter, and the moment at which it was looked at. */
export interface ReplayPlan {
  filter: ReplayFilter;
  /** The database's own time with its microseconds, as text. */
  at: string;
  /** When the newest of them came, ISO 8601; null when there was none. */
  newest: string | null;
  count: number;
}

/** What is about to be replayed, as tokens. */
@Injectable()
export class ReplayPlans extends PlanTokens<ReplayPlan> {
  constructor(masterKey: MasterKey, pace: Pace) {
    super(masterKey, pace, 'replay-plan');
  }
}
