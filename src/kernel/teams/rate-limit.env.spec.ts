import { parseEnv } from '../config/parse-env.js';
import { RateLimitEnv } from './rate-limit.env.js';

describe('how often a caller may ask', () => {
  it('is ten times a second on average, for a start', () => {
    expect(parseEnv(RateLimitEnv, {})).toEqual({ RATE_LIMIT: 600, RATE_LIMIT_WINDOW: 60, RATE_LIMIT_REFUSALS: 20 });
  });

  it('may be without a limit', () => {
    const env = parseEnv(RateLimitEnv, { RATE_LIMIT: '0', RATE_LIMIT_REFUSALS: '0' });
    expect([env.RATE_LIMIT, env.RATE_LIMIT_REFUSALS]).toEqual([0, 0]);
  });

  it.each([
    ['RATE_LIMIT', '-1', 'must not be less than 0'],
    ['RATE_LIMIT', '2.5', 'must be an integer number'],
    ['RATE_LIMIT', 'many', '"many" is not a number'],
    ['RATE_LIMIT_WINDOW', '0', 'must not be less than 1'],
    ['RATE_LIMIT_WINDOW', '86401', 'must not be greater than 86400'],
    ['RATE_LIMIT_REFUSALS', '-1', 'must not be less than 0'],
  ])('cannot be %s=%s', (name, value, fault) => {
    expect(() => parseEnv(RateLimitEnv, { [name]: value })).toThrow(`${name}: ${fault}`);
  });
});
