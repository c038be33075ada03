import { NotNow, Unclear } from '../../kernel/jobs/provider-errors.js';
import { detailOf, retryAfterMs, sortedBreak } from './pyannote.failures.js';

const broken = (cause: object, message = 'fetch failed') =>
  Object.assign(new TypeError(message), { cause: Object.assign(new Error('why'), cause) });

describe('a request to pyannote that got no answer', () => {
  it.each([
    [{ code: 'ECONNREFUSED', syscall: 'connect' }],
    [{ code: 'ECONNREFUSED', errors: [] }],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    [{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
    [{ code: 'UND_ERR_CONNECT_TIMEOUT' }],
    [{ code: 'EHOSTUNREACH', syscall: 'connect' }],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }],
    [{ code: 'CERT_HAS_EXPIRED' }],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }],
  ])('was surely not sent: %j', (cause) => expect(sortedBreak(broken(cause))).toBeInstanceOf(NotNow));

  it.each([
    [{ code: 'ECONNRESET', syscall: 'read' }],
    [{ code: 'EPIPE', syscall: 'write' }],
    [{ code: 'UND_ERR_SOCKET' }],
    [{ code: 'UND_ERR_HEADERS_TIMEOUT' }],
    [{ code: 'ETIMEDOUT', syscall: 'read' }],
    [{}],
  ])('may have been sent: %j', (cause) => expect(sortedBreak(broken(cause))).toBeInstanceOf(Unclear));

  it.each([[new DOMException('time is up', 'TimeoutError')], [new Error('too large')], ['text'], [undefined], [null]])(
    'may have been sent, whatever was thrown: %p',
    (thrown) => expect(sortedBreak(thrown)).toBeInstanceOf(Unclear),
  );

  it('says why in a few words', () => {
    expect(sortedBreak(broken({ code: 'UND_ERR_SOCKET' })).message).toBe('pyannote is not reached: UND_ERR_SOCKET why');
  });
});

describe("pyannote's words about a failure", () => {
  it.each([
    [{ message: 'no', errors: [{ field: 'url', message: 'bad' }, { message: 'worse' }] }, 'no (url: bad; worse)'],
    [{ message: 'no', errors: 'many' }, 'no'],
    [{ message: 'no', errors: [null, 7, {}] }, 'no'],
    [{ error: 'Unauthorized' }, 'Unauthorized'],
    [{ message: 7 }, 'status 400 without a reason'],
    [undefined, 'status 400 without a reason'],
    [['no'], 'status 400 without a reason'],
  ])('%j → %s', (json, detail) => expect(detailOf({ status: 400, json })).toBe(detail));

  it('are cut where they have no end', () => {
    expect(detailOf({ status: 400, json: { message: 'x'.repeat(5_000) } })).toHaveLength(1_000);
  });

  it('may give the time to wait as a date', () => {
    const headers = new Headers({ 'retry-after': 'Fri, 21 Nov 2026 10:00:05 GMT' });
    expect(retryAfterMs({ headers }, Date.parse('2026-11-21T10:00:00Z'))).toBe(5_000);
    expect(retryAfterMs({ headers }, Date.parse('2026-11-21T11:00:00Z'))).toBe(0);
  });
});
