import { faultOfError, readInfo } from './redis-faults.js';

const info = (fields: Record<string, string>) =>
  ['# Server', ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join('\r\n');

describe('what is wrong with a Redis', () => {
  it.each([
    ['WRONGPASS invalid username-password pair or user is disabled.', 'refuses the password', true],
    ['ERR invalid password', 'refuses the password', true],
    ['Ready check failed: NOAUTH Authentication required.', 'wants a password', true],
    ['Protocol error, got "H" as reply type byte', 'is no Redis', true],
    ['ERR DB index is out of range', 'no database of the number', true],
    ["NOPERM this user has no permissions to run the 'eval' command", 'may not do', true],
    ["READONLY You can't write against a read only replica.", 'takes no writes', false],
    ['LOADING Redis is loading the dataset in memory', 'loading', false],
    ['connect ECONNREFUSED 10.0.0.1:6379', 'nothing answers', false],
    ['getaddrinfo ENOTFOUND redis', 'has no address', false],
    ['connect ETIMEDOUT', 'never answers', false],
  ])('is read from "%s"', (message, words, setting) => {
    const fault = faultOfError(new Error(message));
    expect(fault?.sentence).toContain(words);
    expect(fault?.setting).toBe(setting);
    expect(fault?.sentence).not.toMatch(/10\.0\.0\.1|6379/);
  });

  it('is read from a code too', () => {
    expect(faultOfError(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))?.sentence).toContain('nothing answers');
  });

  it.each([[new Error('Connection is closed.')], [null], [undefined], ['text'], [{}]])(
    'is not read from %p',
    (error) => {
      expect(faultOfError(error)).toBeNull();
    },
  );

  it('is its age', () => {
    expect(readInfo(info({ redis_version: '4.0.14', role: 'master' })).fault).toEqual({
      sentence: 'Redis 4.0.14 is too old: 5 or newer is needed',
      setting: true,
    });
    for (const version of ['5.0.0', '7.0.15', '10.1.0'])
      expect(readInfo(info({ redis_version: version, role: 'master' })).fault).toBeNull();
  });

  it('is that it may not write', () => {
    expect(readInfo(info({ redis_version: '7.0.15', role: 'slave' })).fault?.setting).toBe(false);
  });

  it('is not what INFO leaves out', () => {
    expect(readInfo('')).toEqual({ facts: { version: '', evicts: false }, fault: null });
  });

  it.each([
    ['noeviction', false],
    ['allkeys-lru', true],
  ])('is that it forgets under pressure: %s', (policy, evicts) => {
    expect(readInfo(info({ redis_version: '7.0.15', maxmemory_policy: policy })).facts.evicts).toBe(evicts);
  });
});
