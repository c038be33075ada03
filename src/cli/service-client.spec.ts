import { sentenceFor, unreachable } from './service-client.js';

describe('What went wrong with a request', () => {
  it('is what the service says, where it says it', () => {
    expect(sentenceFor(409, '{"code":"x","detail":"the job is queued"}')).toBe(
      'the service says 409: the job is queued',
    );
    expect(sentenceFor(502, '<html>')).toBe('the service says 502: and no more; is it a Signalbox?');
    expect(sentenceFor(500, '{"detail":7}')).toBe('the service says 500: and no more; is it a Signalbox?');
    expect(sentenceFor(401, '{"detail":"no"}')).toMatch(/^the service does not take this key/);
  });

  it('is told with its code, wherever that stands', () => {
    const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    for (const error of [refused, { code: 'ECONNREFUSED' }])
      expect(unreachable('http://a', error).message).toMatch(
        /^nothing answers at http:\/\/a \(ECONNREFUSED\); is the service/,
      );
    expect(unreachable('http://a', null).message).toMatch(/^nothing answers at http:\/\/a; is/);
  });
});
