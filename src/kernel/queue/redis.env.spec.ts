import { describeEnv, parseEnv } from '../config/parse-env.js';
import { RedisEnv } from './redis.env.js';

describe('how Redis is reached', () => {
  it('is not at all unless somebody says so', () => {
    expect(parseEnv(RedisEnv, {})).toEqual({ REDIS_URL: '', REDIS_PREFIX: 'signalbox' });
  });

  it.each(['redis://redis', 'rediss://user:pass@redis:6380/1'])('is by %s', (url) => {
    expect(parseEnv(RedisEnv, { REDIS_URL: url }).REDIS_URL).toBe(url);
  });

  it.each([
    ['REDIS_URL', 'redis:6379'],
    ['REDIS_URL', 'http://:hush@redis'],
    ['REDIS_PREFIX', 'two words'],
  ])('is not by %s=%s, and no password is shown', (name, value) => {
    expect(() => parseEnv(RedisEnv, { [name]: value })).toThrow(`  - ${name}: must `);
    expect(() => parseEnv(RedisEnv, { [name]: value })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') as string }) as Error,
    );
  });

  it('is a secret', () => {
    expect(describeEnv(RedisEnv).find((key) => key.name === 'REDIS_URL')?.secret).toBe(true);
  });
});
