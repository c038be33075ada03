import { NotNow, Unclear } from '../../kernel/jobs/provider-errors.js';
import { detailOf } from './fal.details.js';
import { retryAfterMs, saidBy, sortedBreak } from './fal.failures.js';

const broken = (cause: object, message = 'fetch failed') =>
  Object.assign(new TypeError(message), { cause: Object.assign(new Error('why'), cause) });

describe('A request to fal that got no answer', () => {
  it.each([
    [{ code: 'ECONNREFUSED', syscall: 'connect' }],
    [{ code: 'ECONNREFUSED', errors: [] }],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    [{ code: 'UND_ERR_CONNECT_TIMEOUT' }],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }],
    [{ code: 'CERT_HAS_EXPIRED' }],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }],
  ])('was surely not sent: %j', (cause) => expect(sortedBreak(broken(cause))).toBeInstanceOf(NotNow));

  it.each([
    [broken({ code: 'ECONNRESET', syscall: 'read' })],
    [broken({ code: 'EPIPE', syscall: 'write' })],
    [broken({ code: 'UND_ERR_SOCKET' })],
    [broken({})],
    [new DOMException('time is up', 'TimeoutError')],
    ['text'],
    [undefined],
    [null],
  ])('may have been sent: %p', (thrown) => expect(sortedBreak(thrown)).toBeInstanceOf(Unclear));
});

describe("fal's words about a failure", () => {
  it.each([
    ['a text', 'a text'],
    [[{ loc: ['body', 'steps'], msg: 'too many', type: 'x', input: 'https://private/' }], 'steps: too many'],
    [[{ loc: ['body', 'a', 0], msg: 'm' }, { msg: 'n' }], 'a.0: m; n'],
    [[{ loc: 'query', msg: 'm' }], 'query: m'],
    [['one', 'two'], 'one; two'],
    [{ msg: 'single' }, 'single'],
    [[null, 7, {}], null],
    [[], null],
    ['', null],
    [7, null],
    [undefined, null],
  ])('%j → %p', (detail, text) => expect(detailOf(detail)).toBe(text));

  it('are cut where they have no end', () => {
    expect(detailOf('x'.repeat(5_000))).toHaveLength(1_000);
    expect(detailOf(Array.from({ length: 5_000 }, () => ({ msg: 'no' })))).toMatch(/; and 4980 more$/);
  });

  it.each<[unknown, Record<string, string>, string]>([
    [{ detail: 'late', error_type: 'startup_timeout' }, {}, 'late (startup_timeout)'],
    [{ detail: 'late' }, { 'x-fal-error-type': 'request_timeout' }, 'late (request_timeout)'],
    [{ detail: 'late' }, { 'x-fal-request-timeout-type': 'user' }, 'late (timeout of the user)'],
    [undefined, {}, 'status 504 without a reason'],
    [{ message: 'm' }, {}, 'm'],
    [{ error: 'e' }, {}, 'e'],
  ])('%j with %j → %s', (json, headers, said) => {
    expect(saidBy({ status: 504, headers: new Headers(headers), json })).toBe(said);
  });

  it('may give the time to wait as a date', () => {
    const headers = new Headers({ 'retry-after': 'Sat, 21 Nov 2026 10:00:05 GMT' });
    expect(retryAfterMs({ headers }, Date.parse('2026-11-21T10:00:00Z'))).toBe(5_000);
    expect(retryAfterMs({ headers }, Date.parse('2026-11-21T11:00:00Z'))).toBe(0);
  });
});
