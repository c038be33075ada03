import { parseEnv } from '../config/parse-env.js';
import { HttpEnv } from './http.env.js';

describe('what the HTTP side is told', () => {
  it('is nothing, for a start', () => {
    expect(parseEnv(HttpEnv, {})).toEqual({ BODY_LIMIT: 5_242_880, FETCH_ALLOW_CIDRS: [], FETCH_ALLOW_HTTP: false });
  });

  it('may be networks to fetch from', () => {
    const env = parseEnv(HttpEnv, { FETCH_ALLOW_CIDRS: '10.20.0.0/16, fd00::/8' });
    expect(env.FETCH_ALLOW_CIDRS).toEqual(['10.20.0.0/16', 'fd00::/8']);
  });

  it.each(['10.20.0.0', '10.20.0.0/33', '10.0.0.0/8 private', '/8', 'fd00::/129'])(
    'cannot be the network %s',
    (text) => {
      expect(() => parseEnv(HttpEnv, { FETCH_ALLOW_CIDRS: text })).toThrow(
        'FETCH_ALLOW_CIDRS: must be CIDRs such as 10.20.0.0/16',
      );
    },
  );

  it('cannot be a limit that nothing fits under', () => {
    expect(() => parseEnv(HttpEnv, { BODY_LIMIT: '1023' })).toThrow('BODY_LIMIT: must not be less than 1024');
  });
});
