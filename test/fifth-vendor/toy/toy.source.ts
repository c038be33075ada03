import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CannotVerifyNow } from '../../../src/kernel/webhooks/inbound-source.js';
import type { Headers, Identity, InboundSource } from '../../../src/kernel/webhooks/inbound-source.js';
import { ToyEnv } from './toy.env.js';
import { signedAt, verifySignature } from './toy.signature.js';
import { fieldsFrom, isId } from './toy.words.js';

/** Where the toy vendor's notices come in: each has an id of its own. */
@Injectable()
export class ToySource implements InboundSource {
  readonly name = 'toy';
  readonly provider = 'toy';
  readonly paths = [];
  readonly secretHeaders = [];

  constructor(private readonly env: ToyEnv) {}

  missingKeys(): readonly string[] {
    return this.env.TOY_SIGNING_SECRET === '' ? ['TOY_SIGNING_SECRET'] : [];
  }

  verify(headers: Headers, body: Buffer): void {
    if (this.missingKeys().length > 0) throw new CannotVerifyNow('TOY_SIGNING_SECRET is not set');
    verifySignature({
      headers,
      body,
      secret: this.env.TOY_SIGNING_SECRET,
      maxAgeSeconds: this.env.TOY_SIGNATURE_MAX_AGE,
      nowSeconds: Date.now() / 1_000,
    });
  }

  identify(_headers: Headers, body: Buffer): Identity {
    const { id, drawing } = fieldsFrom(body) ?? {};
    const deliveryId = isId(id) ? id : createHash('sha256').update(body).digest('hex');
    return { deliveryId, refs: isId(drawing) ? [drawing] : [] };
  }

  sentAt(headers: Headers): Date | null {
    const seconds = signedAt(headers);
    return seconds === null ? null : new Date(seconds * 1_000);
  }
}
