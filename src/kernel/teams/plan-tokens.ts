import { createHmac, timingSafeEqual } from 'node:crypto';
import { MasterKey } from '../config/master-key.js';
import { MINUTE, Pace } from '../config/pace.js';
import { Problem, invalidField } from '../http/problem.js';

/** The plan apart from what is ours: it has names of its own. */
interface Sealed<T> {
  plan: T;
  keyId: string;
  until: number;
}

const LIFE = 10 * MINUTE;

/**
 * What is about to be done to many rows at once, as a token, so that nothing has to be stored: `<JSON>.<HMAC-SHA-256>`, both
 * base64url, under a key of its own for each use, derived from the master key. Good for ten minutes, in the hands of the
 * API key that asked for it.
 */
export class PlanTokens<T extends object> {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    masterKey: Pick<MasterKey, 'derive'>,
    private readonly pace: Pace,
    use: string,
  ) {
    this.keys = masterKey.derive(use);
  }

  seal(plan: T, keyId: string, now = Date.now()): string {
    const sealed: Sealed<T> = { plan, keyId, until: now + this.pace.patience(LIFE) };
    const text = Buffer.from(JSON.stringify(sealed)).toString('base64url');
    return `${text}.${mac(this.keys[0], text).toString('base64url')}`;
  }

  /** @throws a 400 for what we did not make, a 403 for another key's, a 410 `plan_expired` */
  open(token: string, keyId: string, now = Date.now()): T {
    const [text = '', given = '', more] = token.split('.');
    const bytes = Buffer.from(given, 'base64url');
    const isOurs = more === undefined && this.keys.some((key) => isSame(bytes, mac(key, text)));
    if (!isOurs) throw invalidField('plan', 'is not one that we gave out; make a plan by sending the filter alone');
    const { keyId: owner, until, plan } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Sealed<T>;
    if (owner !== keyId) {
      const detail = 'another API key made this plan; run it with that one, or make your own';
      throw new Problem(403, 'plan_of_another_key', detail);
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
