import type { NodemailerError } from 'nodemailer';
import type { SendResult } from '../kernel/notifications/destination.js';

/** Mailbox, host or syntax of the recipient, moved, null MX (RFC 3463, RFC 7505); 5.1.0 may mean anybody, 5.1.7 and 5.1.8 the sender. */
const NO_SUCH_ADDRESS = /^5\.1\.([1236]|10)$/;
/** Of the sender, the mail system, the protocol, or policy (a relay that is denied to us, a greylist). */
const NOT_THE_RECIPIENT = /^[45]\.(1\.[78]|[357]\.\d+)$/;

const CLOSED = 'the mail server closed the connection before its answer was complete';
const SENTENCES: Record<string, string> = {
  EAUTH: 'the mail server did not take our login',
  EDNS: 'the name of the mail server could not be resolved',
  ESOCKET: 'no connection to the mail server could be made',
  ECONNECTION: CLOSED,
  ETIMEDOUT: 'the mail server did not answer in full in time',
  EABORT: 'the mail server did not answer in full in time',
};

/**
 * The mail server is the operator's: an endpoint is to blame only for what is said of its own address, or of the message.
 * Of a failure that is ours no text of the server is passed on, since it may tell of accounts and set-up.
 */
export function resultOfFailure(error: NodemailerError): SendResult {
  const { response = '', command } = error;
  const status = error.responseCode ?? null;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? '';
  const isOfRecipient =
    (command === 'RCPT TO' || command === 'DATA') &&
    status !== null &&
    // The server is closing; it wants a login.
    ![421, 530].includes(status) &&
    !NOT_THE_RECIPIENT.test(enhanced);
  if (!isOfRecipient)
    return { outcome: 'failed', status, error: ourFault(error, enhanced), answer: null, isOurFault: true };
  const code = [status, enhanced].join(' ').trim();
  const answer = response;
  if (command === 'RCPT TO' && status >= 550 && NO_SUCH_ADDRESS.test(enhanced))
    return { outcome: 'gone', status, error: `the mail server says that there is no such address: ${code}`, answer };
  const verb =
    status < 500 ? 'does not take it now' : command === 'DATA' ? 'refused the message' : 'refused the address';
  return { outcome: 'failed', status, error: `the mail server ${verb}: ${code}`, answer };
}

function ourFault({ code = '', originalCode = '', responseCode, command }: NodemailerError, enhanced: string): string {
  if (responseCode !== undefined) {
    const reply = [responseCode, enhanced].join(' ').trim();
    if (command === 'MAIL FROM') return `the mail server takes no mail from MAIL_FROM: ${reply}`;
    return `${SENTENCES[code === 'EAUTH' ? code : ''] ?? 'the mail server does not serve us'}: ${reply}`;
  }
  const system = /^[A-Z0-9_]{1,60}$/.test(originalCode) ? ` (${originalCode})` : '';
  if (code === 'ETLS' || /CERT|TLS|SSL|SIGNATURE/.test(originalCode))
    return `no trusted TLS connection to the mail server could be made${system}`;
  if (['ECONNRESET', 'EPIPE'].includes(originalCode)) return CLOSED + system;
  return (SENTENCES[code] ?? 'the mail could not be sent') + system;
}
