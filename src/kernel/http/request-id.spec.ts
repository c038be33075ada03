import type { IncomingMessage } from 'node:http';
import { requestIds } from './request-id.js';

const request = (given?: string) =>
  ({ headers: given === undefined ? {} : { 'x-request-id': given } }) as unknown as IncomingMessage;

describe('the id of a request', () => {
  it('is another one each time, in every process', () => {
    const [one, other] = [requestIds(), requestIds()];
    const ids = [one(request()), one(request()), other(request()), other(request())];
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{10}-[12]$/);
  });

  it('is the caller’s own where the caller has one', () => {
    expect(requestIds()(request('0af7651916cd43dd-8448eb211c80319c'))).toBe('0af7651916cd43dd-8448eb211c80319c');
  });

  it.each(['', 'a b', 'a\u0000', '"}{"', 'ü', 'x'.repeat(101)])('is not %p, which would spoil a log line', (given) => {
    expect(requestIds('p')(request(given))).toBe('p-1');
  });
});
