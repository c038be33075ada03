import { Injectable } from '@nestjs/common';
import { bodySha } from '../../kernel/webhooks/delivery-key.js';
import { CannotVerifyNow, RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers, Identity, InboundSource } from '../../kernel/webhooks/inbound-source.js';
import { FalEnv } from './fal.env.js';
import { fieldsOf } from '../../kernel/http/json-fields.js';
import { readJson } from './fal.json.js';
import { FalKeys } from './fal.keys.js';
import { FAL, requestIdOf } from './fal.notice.js';
import { checkMeaning, isSignedByAny, proofOf } from './fal.signature.js';
import { secondsFrom } from './unix-seconds.js';

const REQUEST_ID = 'x-fal-webhook-request-id';

/** Where fal.ai's own notices come in: one per training, when it has ended. */
@Injectable()
export class FalSource implements InboundSource {
  readonly name = FAL;
  readonly provider = 'fal';
  readonly paths = [];
  /** A signature fits one body at one time and proves nothing elsewhere: it is evidence worth keeping. */
  readonly secretHeaders = [];

  constructor(
    private readonly env: FalEnv,
    private readonly keys: FalKeys,
  ) {}

  missingKeys(): readonly string[] {
    return this.env.FAL_USER_ID === '' ? ['FAL_USER_ID'] : [];
  }

  /** The signature first: who is not fal.ai learns nothing about whose account this is, and the time is not worth a look. */
  async verify(headers: Headers, body: Buffer): Promise<void> {
    if (this.missingKeys().length > 0) throw new CannotVerifyNow('FAL_USER_ID is not set');
    const proof = proofOf(headers);
    if (body.length === 0) throw new RefusedNotice('empty_body', 'the body is empty');
    const keys = await this.keys.current();
    if (!isSignedByAny(keys, proof, body)) {
      const others = await this.keys.others(keys);
      if (!others || !isSignedByAny(others, proof, body)) {
        throw new RefusedNotice('wrong_signature', 'X-Fal-Webhook-Signature fits none of the keys of fal.ai');
      }
    }
    checkMeaning(proof, {
      userId: this.env.FAL_USER_ID,
      toleranceSeconds: this.env.FAL_SIGNATURE_TOLERANCE,
      nowSeconds: Date.now() / 1_000,
    });
  }

  sentAt(headers: Headers): Date | null {
    const seconds = secondsFrom(headers['x-fal-webhook-timestamp']);
    return seconds === null ? null : new Date(seconds * 1_000);
  }

  /**
   * Never null: whatever is signed is fal.ai's word, and kept. The same request is told of again under another signature and
   * time, and may be told of differently, so that it takes both its id and its body to know a repeat.
   */
  identify(headers: Headers, body: Buffer): Identity {
    const id = requestIdOf(FAL, { request_id: headers[REQUEST_ID] });
    const isClear = id !== null && this.contradiction(headers, body) === null;
    return { deliveryId: `${id ?? ''}:${bodySha(body).toString('hex')}`, refs: isClear ? [id] : [] };
  }

  /**
   * Both ids are signed, so only fal.ai itself can make them differ; then nobody can tell which training is meant. `verify`
   * cannot look, because it does not parse; and it is not left to `interpret`, which is asked with a job at hand, the one
   * that the address names. A body without an id contradicts nothing: it is about the header's.
   */
  contradiction(headers: Headers, body: Buffer): string | null {
    const named = headers[REQUEST_ID];
    const told = fieldsOf(readJson(body))?.request_id;
    if (told === undefined || told === null || told === named) return null;
    const other = requestIdOf(FAL, { request_id: told });
    return `the header names request ${String(named)}, the body names ${other === null ? 'none' : `request ${other}`}`;
  }
}
