import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DAY, MINUTE, Pace, SECOND } from '../../kernel/config/pace.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { CannotVerifyNow } from '../../kernel/webhooks/inbound-source.js';
import { FalEnv } from './fal.env.js';
import { keysFrom } from './fal.jwks.js';

/** As long as fal.ai allows. */
const LIFE = DAY;
/** Between two questions, whether the first was answered or not and whatever it was for. */
const PAUSE = MINUTE;
/** fal.ai itself waits 15 s for our answer. */
const TIME_OUT = 5 * SECOND;
const MOST_BYTES = 64 * 1_024;

/**
 * The public keys that fal.ai signs with. Fetched when they are first needed, once a day, and when a notice fits none of
 * them, for they may have been changed; never more than once a minute, and by all that wait together.
 */
@Injectable()
export class FalKeys {
  private known: { keys: readonly KeyObject[]; since: number } | null = null;
  private askedAt = -Infinity;
  private underWay: Promise<readonly KeyObject[] | null> | null = null;

  constructor(
    private readonly env: FalEnv,
    private readonly pace: Pace,
    private readonly logger: AppLogger,
  ) {}

  /** The last good ones where no others can be had. @throws {CannotVerifyNow} while there were none yet */
  async current(): Promise<readonly KeyObject[]> {
    const { known } = this;
    if (known && performance.now() - known.since < this.pace.ms(LIFE)) return known.keys;
    const keys = (await this.fetched()) ?? known?.keys;
    if (!keys) throw new CannotVerifyNow('the keys of fal.ai are out of reach; send it again');
    return keys;
  }

  /** After a notice that fits none of `tried`: other keys, or null where there are none to be had now. */
  async others(tried: readonly KeyObject[]): Promise<readonly KeyObject[] | null> {
    // Somebody else's notice has brought them in the meantime.
    if (this.known && this.known.keys !== tried) return this.known.keys;
    return this.fetched();
  }

  /** Null when the last question is too fresh, or this one was not answered. */
  private fetched(): Promise<readonly KeyObject[] | null> {
    if (this.underWay) return this.underWay;
    if (performance.now() - this.askedAt < this.pace.ms(PAUSE)) return Promise.resolve(null);
    this.askedAt = performance.now();
    this.underWay = this.fetch().finally(() => (this.underWay = null));
    return this.underWay;
  }

  private async fetch(): Promise<readonly KeyObject[] | null> {
    try {
      const keys = keysFrom(await this.ask());
      this.known = { keys, since: performance.now() };
      return keys;
    } catch (error) {
      this.logger.warn('the keys of fal.ai could not be fetched', { url: this.env.FAL_JWKS_URL, error });
      return null;
    }
  }

  private async ask(): Promise<Buffer> {
    const time = AbortSignal.timeout(this.pace.patience(TIME_OUT));
    const headers = { accept: 'application/json', 'user-agent': 'signalbox', connection: 'close' };
    // Whoever can redirect the question could give us keys of his own.
    const response = await fetch(this.env.FAL_JWKS_URL, { headers, redirect: 'error', signal: time });
    if (response.status !== 200) throw new Error(`it answers ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  }
}
