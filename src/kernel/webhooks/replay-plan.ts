import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterKey } from '../config/master-key.js';
import { MINUTE, Pace } from '../config/pace.js';
import { Problem, invalidField } from '../http/problem.js';
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

type Sealed = ReplayPlan & { keyId: string; until: number };

const LIFE = 10 * MINUTE;

/**
 * Plans as tokens, so that nothing has to be stored: `<JSON>.<HMAC-SHA-256>`, both base64url, under a key derived from the
 * master key. A token is good for ten minutes, in the hands of the API key that asked for it.
 */
@Injectable()
export class ReplayPlans {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    masterKey: MasterKey,
    private readonly pace: Pace,
  ) {
    this.keys = masterKey.derive('replay-plan');
  }

  seal(plan: ReplayPlan, keyId: string, now = Date.now()): string {
    const sealed: Sealed = { ...plan, keyId, until: now + this.pace.ms(LIFE) };
    const text = Buffer.from(JSON.stringify(sealed)).toString('base64url');
    return `${text}.${mac(this.keys[0], text).toString('base64url')}`;
  }

  /** @throws a 400 for what we did not make, a 403 for another key's, a 410 `plan_expired` */
  open(token: string, keyId: string, now = Date.now()): ReplayPlan {
    const [text = '', given = '', more] = token.split('.');
    const bytes = Buffer.from(given, 'base64url');
    const isOurs = more === undefined && this.keys.some((key) => isSame(bytes, mac(key, text)));
    if (!isOurs) throw invalidField('plan', 'is not one that we gave out; make a plan by sending the filter alone');
    const { keyId: owner, until, ...plan } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Sealed;
    if (owner !== keyId) {
      throw new Problem(
        403,
        'plan_of_another_key',
        'another API key made this plan; run it with that one, or make your own',
      );
    }
    if (now >= until) throw new Problem(410, 'plan_expired', 'this plan is over ten minutes old; make a new one');
    return plan;
  }
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
