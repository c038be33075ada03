import { RefusedNotice } from '../../../kernel/webhooks/inbound-source.js';
import type { Headers, InboundSource } from '../../../kernel/webhooks/inbound-source.js';

/** `believed`, or the reason of the refusal, with `genuine` where only the time is wrong. @throws what is neither */
export async function verdictOf(source: InboundSource, headers: Headers, body: Buffer): Promise<string> {
  try {
    await source.verify(headers, body);
    return 'believed';
  } catch (error) {
    if (!(error instanceof RefusedNotice)) throw error;
    return error.genuine ? `${error.reason}, genuine` : error.reason;
  }
}
