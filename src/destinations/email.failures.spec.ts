import type { NodemailerError } from 'nodemailer';
import { resultOfFailure } from './email.failures.js';

/** As nodemailer gives it. */
const refused = (command: string, response: string, code = 'EENVELOPE') =>
  Object.assign(new Error(`some words: ${response}`), {
    code,
    command,
    response,
    responseCode: Number(response.slice(0, 3)),
  }) as NodemailerError;

const broken = (code: string, originalCode?: string) =>
  Object.assign(new Error('some words of a system'), { code, originalCode, command: 'CONN' }) as NodemailerError;

describe('What the mail server refuses', () => {
  it.each([
    ['550 5.1.1 no such user', 'gone'],
    ['553 5.1.3 what is that?', 'gone'],
    ['550-5.1.1 of several\n550 5.1.1 lines', 'gone'],
    ['556 5.1.10 null MX', 'gone'],
    ['550 no such user', 'failed'],
    ['550 5.1.0 address rejected', 'failed'],
    ['550 5.2.1 mailbox disabled', 'failed'],
    ['552 5.2.2 mailbox full', 'failed'],
    ['451 try again', 'failed'],
    ['450 4.2.0 greylisted', 'failed'],
    ['450 4.1.1 not known yet', 'failed'],
  ])('of an address by %j counts as %s for the endpoint', (response, outcome) => {
    const result = resultOfFailure(refused('RCPT TO', response));
    expect(result).toMatchObject({ outcome, status: Number(response.slice(0, 3)), answer: response });
    expect(result.isOurFault).toBeUndefined();
  });

  it.each([
    ['RCPT TO', '554 5.7.1 relay access denied'],
    ['RCPT TO', '530 authentication required'],
    ['RCPT TO', '550 5.1.8 sender’s domain not found'],
    ['RCPT TO', '550 5.1.7 sender address rejected'],
    ['RCPT TO', '451 4.7.1 greylisted'],
    ['RCPT TO', '451 4.3.0 queue file write error'],
    ['RCPT TO', '421 4.3.2 shutting down'],
    ['RCPT TO', '503 5.5.1 bad sequence'],
    ['MAIL FROM', '550 5.1.1 who are you?'],
    ['EHLO', '501 5.5.4 what name is that?'],
  ])('of us, at %s by %j, is our fault, and its text is not passed on', (command, response) => {
    const result = resultOfFailure(refused(command, response));
    expect(result).toMatchObject({ outcome: 'failed', isOurFault: true, answer: null });
    expect(result.error).toContain(response.slice(0, 3));
    expect(result.error).not.toContain(response.slice(-6));
  });

  it('of a message is told as such, and never makes an endpoint gone', () => {
    const result = resultOfFailure(refused('DATA', '554 5.6.0 spam', 'EMESSAGE'));
    expect(result).toMatchObject({ outcome: 'failed', error: 'the mail server refused the message: 554 5.6.0' });
    expect(resultOfFailure(refused('DATA', '550 5.1.1 no such user', 'EMESSAGE')).outcome).toBe('failed');
  });
});

describe('What comes to nothing', () => {
  it.each([
    [broken('ESOCKET', 'ECONNREFUSED'), 'no connection to the mail server could be made (ECONNREFUSED)'],
    [broken('ESOCKET', 'ECONNRESET'), 'closed the connection before its answer was complete (ECONNRESET)'],
    [broken('ECONNECTION'), 'closed the connection before its answer was complete'],
    [
      broken('ESOCKET', 'CERT_HAS_EXPIRED'),
      'no trusted TLS connection to the mail server could be made (CERT_HAS_EXPIRED)',
    ],
    [broken('ETLS'), 'no trusted TLS connection'],
    [broken('EDNS', 'ENOTFOUND'), 'could not be resolved (ENOTFOUND)'],
    [broken('ETIMEDOUT'), 'did not answer in full in time'],
    [broken('EABORT'), 'did not answer in full in time'],
    [refused('AUTH PLAIN', '535 5.7.8 no, me', 'EAUTH'), 'did not take our login: 535 5.7.8'],
    [broken('EWHATEVER', 'some text: s3cr3t'), 'the mail could not be sent'],
  ])('is our fault, in words of our own (%#)', (error, sentence) => {
    const result = resultOfFailure(error);
    expect(result).toMatchObject({ outcome: 'failed', isOurFault: true, answer: null });
    expect(result.error).toContain(sentence);
    expect(result.error).not.toMatch(/words|s3cr3t|no, me/);
  });
});
