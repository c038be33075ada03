import { Problem, unavailable } from '../../http/problem.js';

const MOST_OF_KEY = 100;
const MOST = 2_000;

/** How many streams there are, by key. */
export class StreamLimits {
  private readonly byKey = new Map<string, number>();
  private all = 0;

  /** @throws a 429 for one more of this key, a 503 for one more of this process */
  take(keyId: string): void {
    const own = this.byKey.get(keyId) ?? 0;
    if (own >= MOST_OF_KEY) throw tooMany();
    if (this.all >= MOST) throw unavailable(`this process has ${MOST} open streams; another may have room`, 10);
    this.byKey.set(keyId, own + 1);
    this.all += 1;
  }

  give(keyId: string): void {
    const own = (this.byKey.get(keyId) ?? 1) - 1;
    if (own > 0) this.byKey.set(keyId, own);
    else this.byKey.delete(keyId);
    this.all -= 1;
  }

  get keys(): string[] {
    return [...this.byKey.keys()];
  }
}

function tooMany(): Problem {
  const fix = 'close one, or take one stream for all jobs instead of one for each';
  return new Problem(429, 'limit_reached', `this key has ${MOST_OF_KEY} open streams; ${fix}`, { retryAfter: 10 });
}
