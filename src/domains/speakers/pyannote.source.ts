import { Injectable } from '@nestjs/common';
import { bodySha } from '../../kernel/webhooks/delivery-key.js';
import { CannotVerifyNow } from '../../kernel/webhooks/inbound-source.js';
import type { Headers, Identity, InboundSource } from '../../kernel/webhooks/inbound-source.js';
import { fieldsOf, readJson } from '../../kernel/http/json-fields.js';
import { isVendorId } from './pyannote.answers.js';
import { PyannoteEnv } from './pyannote.env.js';
import { verifySignature } from './pyannote.signature.js';

const CLOSING_BRACE = 0x7d;
const RETRY_NUMBERS = new Set(['1', '2', '3']);
const RETRY_REASONS = new Set([
  'http_timeout',
  'too_many_redirects',
  'connection_failed',
  'ssl_error',
  'http_error',
  'unknown_error',
]);

/** Where pyannoteAI's notices come in: one per job, when it has ended. */
@Injectable()
export class PyannoteSource implements InboundSource {
  readonly name = 'pyannote';
  readonly provider = 'pyannote';
  readonly paths = ['/webhook'];
  /** A signature fits one body at one time and proves nothing elsewhere: it is evidence worth keeping. */
  readonly secretHeaders = [];

  constructor(private readonly env: PyannoteEnv) {}

  missingKeys(): readonly string[] {
    return this.env.PYANNOTEAI_WEBHOOK_SECRETS.length > 0 ? [] : ['PYANNOTEAI_WEBHOOK_SECRETS'];
  }

  verify(headers: Headers, body: Buffer): void {
    if (this.missingKeys().length > 0) throw new CannotVerifyNow('PYANNOTEAI_WEBHOOK_SECRETS is not set');
    verifySignature({
      headers,
      body,
      secrets: this.env.PYANNOTEAI_WEBHOOK_SECRETS,
      maxAgeSeconds: this.env.PYANNOTEAI_SIGNATURE_MAX_AGE,
      nowSeconds: Date.now() / 1_000,
    });
  }

  /** Whole seconds: what the signature was made over. */
  sentAt(headers: Headers): Date | null {
    const seconds = headers['x-request-timestamp'];
    return typeof seconds === 'string' && /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1_000) : null;
  }

  /** Never null: whatever is signed is the vendor's word, and kept. The vendor has no id for a notice, so its body is it. */
  identify(headers: Headers, body: Buffer): Identity {
    const jobId = jobIdUpFront(body) ?? fieldsOf(readJson(body))?.jobId;
    const retry = retryOf(headers);
    return {
      deliveryId: bodySha(body).toString('hex'),
      refs: isVendorId(jobId) ? [jobId] : [],
      ...(retry ? { retry } : {}),
    };
  }
}

/** As the vendor writes it: an object whose first field is the id. */
const STARTS_WITH_ID = /^\{\s*"jobId"\s*:\s*"([A-Za-z0-9-]{1,100})"\s*[,}]/;

/**
 * The id, without reading what follows: the output of a long recording is megabytes of JSON, which would hold up every
 * other notice, and even 2 KB cost more than their signature. Null sends the body through the parser: it starts in another
 * way, has the field twice, could hide it behind an escape, or was cut off.
 */
function jobIdUpFront(body: Buffer): string | null {
  const found = STARTS_WITH_ID.exec(body.toString('latin1', 0, 200));
  if (!found || body.at(-1) !== CLOSING_BRACE) return null;
  if (body.includes('"jobId"', found[0].length - 1) || body.includes('\\u')) return null;
  return found[1] ?? null;
}

function retryOf(headers: Headers): Identity['retry'] {
  const number = headers['x-retry-num'];
  const reason = headers['x-retry-reason'];
  if (number === undefined && reason === undefined) return undefined;
  return { number: known(number, RETRY_NUMBERS), reason: known(reason, RETRY_REASONS) };
}

function known(value: string | string[] | undefined, words: ReadonlySet<string>): string {
  return typeof value === 'string' && words.has(value) ? value : 'other';
}
