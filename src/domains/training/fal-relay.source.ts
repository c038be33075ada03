import { Injectable } from '@nestjs/common';
import { bodySha } from '../../kernel/webhooks/delivery-key.js';
import { CannotVerifyNow, RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers, Identity, InboundSource } from '../../kernel/webhooks/inbound-source.js';
import type { OpenedWork } from '../../kernel/jobs/job-opening.js';
import { FalEnv } from './fal.env.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import { readJson } from './fal.json.js';
import { FAL_RELAY, readNotice, requestIdOf } from './fal.notice.js';
import { bears, checkSigned, isSigned, isSigningSecret } from './fal-relay.proof.js';
import { secondsFrom } from './unix-seconds.js';

/**
 * Where others pass on what they heard of fal.ai: they cannot have its signature, and prove themselves by a secret of ours.
 * Also the address of the original, which believed everybody.
 */
@Injectable()
export class FalRelaySource implements InboundSource {
  readonly name = FAL_RELAY;
  readonly provider = 'fal';
  readonly paths = ['/api/v1/avatar/status_update'];
  readonly secretHeaders = ['authorization'];

  constructor(private readonly env: FalEnv) {}

  isOffered(): boolean {
    return this.env.FAL_RELAY_SECRET !== '' || this.env.FAL_RELAY_TOKEN !== '';
  }

  /** A secret that is none is as good as missing, unless there is the token. */
  missingKeys(): readonly string[] {
    const { FAL_RELAY_SECRET: secret, FAL_RELAY_TOKEN: token } = this.env;
    return secret !== '' && token === '' && !isSigningSecret(secret) ? ['FAL_RELAY_SECRET'] : [];
  }

  verify(headers: Headers, body: Buffer): void {
    if (!this.isOffered()) throw new CannotVerifyNow('neither FAL_RELAY_SECRET nor FAL_RELAY_TOKEN is set');
    if (body.length === 0) throw new RefusedNotice('empty_body', 'the body is empty');
    if (this.mustBeSigned(headers)) {
      const { FAL_RELAY_SECRET: secret, FAL_SIGNATURE_TOLERANCE: toleranceSeconds } = this.env;
      return checkSigned(headers, body, { secret, toleranceSeconds, nowSeconds: Date.now() / 1_000 });
    }
    if (this.provesItself(headers)) return;
    const isThere = headers.authorization !== undefined && headers.authorization !== '';
    throw isThere
      ? new RefusedNotice('wrong_token', 'Authorization does not have our token')
      : new RefusedNotice('missing_proof', 'it is neither signed nor does it have our token');
  }

  provesItself(headers: Headers): boolean {
    return bears(headers, this.env.FAL_RELAY_TOKEN);
  }

  sentAt(headers: Headers): Date | null {
    const seconds = this.mustBeSigned(headers) ? secondsFrom(headers['webhook-timestamp']) : null;
    return seconds === null ? null : new Date(seconds * 1_000);
  }

  /** Never null: whatever a relay of ours says is kept. An id counts only where it was signed with the rest. */
  identify(headers: Headers, body: Buffer): Identity {
    const fields = fieldsOf(readJson(body));
    const requestId = requestIdOf(FAL_RELAY, fields);
    const id = this.mustBeSigned(headers) ? textOf(headers['webhook-id']) : null;
    const deliveryId = id ?? bodySha(body).toString('hex');
    if (requestId === null) return { deliveryId, refs: [] };
    const opens = readNotice(FAL_RELAY, body) ? { opens: this.started(requestId) } : {};
    return { deliveryId, refs: [requestId], ...opens };
  }

  /** As much as a relay tells of a training that it, or somebody, has started. A status that is no word opens none. */
  private started(externalId: string): OpenedWork {
    return {
      kind: 'training',
      externalId,
      team: this.env.FAL_RELAY_TEAM,
      input: { type: null, trainer: null, inputs: {} },
      facts: { origin: 'relay' },
    };
  }

  private mustBeSigned(headers: Headers): boolean {
    return isSigningSecret(this.env.FAL_RELAY_SECRET) && isSigned(headers);
  }
}
