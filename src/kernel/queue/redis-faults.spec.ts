import { faultOfError, readInfo } from './redis-faults.js';

const error = (message: string, code?: string) => Object.assign(new Error(message), { code });

describe('an error of Redis', () => {
  it.each<[string, Error]>([
    ['Redis refuses the password of REDIS_URL', error('WRONGPASS invalid username-password pair or user is disabled.')],
    ['Redis refuses the password of REDIS_URL', error('ERR invalid password')],
    ['Redis wants a password and REDIS_URL has none', error('NOAUTH Authentication required.')],
    ['the Redis user of REDIS_URL may not do what is needed', error('NOPERM this user has no permissions to run eval')],
    ['what answers where REDIS_URL points is no Redis', error('Protocol error, got "H" as reply type byte')],
    ['Redis has no database of the number in REDIS_URL', error('ERR DB index is out of range')],
  ])('is a wrong setting: %s', (sentence, thrown) => {
    expect(faultOfError(thrown)).toEqual({ sentence, setting: true });
  });

  it.each<[string, Error]>([
    ['Redis is a replica that takes no writes', error("READONLY You can't write against a read only replica.")],
    ['Redis is loading its data', error('LOADING Redis is loading the dataset in memory')],
    ['nothing answers where REDIS_URL points', error('connect ECONNREFUSED 10.0.0.7:6379', 'ECONNREFUSED')],
    ['nothing answers where REDIS_URL points', error('', 'ECONNREFUSED')],
    ['the host of REDIS_URL has no address', error('getaddrinfo ENOTFOUND redis', 'ENOTFOUND')],
    ['the host of REDIS_URL has no address', error('getaddrinfo EAI_AGAIN redis', 'EAI_AGAIN')],
    ['Redis takes the connection and never answers', error('connect ETIMEDOUT', 'ETIMEDOUT')],
    ['Redis takes the connection and never answers', error('Command timed out')],
  ])('passes by itself: %s', (sentence, thrown) => {
    expect(faultOfError(thrown)).toEqual({ sentence, setting: false });
  });

  it.each([error('Connection is closed.'), new Error(), null, undefined, 'text', 7, { code: 'X' }])(
    'may say nothing: %s',
    (thrown) => {
      expect(faultOfError(thrown)).toBeNull();
    },
  );

  it('is told without the address and the password that it holds', () => {
    const { sentence } = faultOfError(error('connect ECONNREFUSED 10.0.0.7:6379 (redis://:hush@redis)')) ?? {};
    expect(sentence).not.toMatch(/hush|10\.0\.0\.7/);
  });
});

describe('what Redis says of itself', () => {
  const info = (over: Record<string, string> = {}) =>
    Object.entries({ redis_version: '7.2.4', role: 'master', maxmemory_policy: 'noeviction', ...over })
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join('');

  it('will do when it is new enough, takes writes and forgets nothing', () => {
    expect(readInfo(`# Server\r\n${info()}# Clients\r\n`)).toEqual({
      facts: { version: '7.2.4', evicts: false },
      fault: null,
    });
  });

  it.each([
    ['5.0.0', null],
    ['10.1.0', null],
    ['4.0.14', 'Redis 4.0.14 is too old: 5 or newer is needed'],
  ])('of version %s is judged: %s', (version, sentence) => {
    expect(readInfo(info({ redis_version: version })).fault?.sentence ?? null).toBe(sentence);
  });

  it('will do later when it is a replica', () => {
    expect(readInfo(info({ role: 'slave' })).fault).toEqual({
      sentence: 'Redis is a replica that takes no writes',
      setting: false,
    });
  });

  it.each(['allkeys-lru', 'volatile-ttl'])('tells that it forgets under pressure by %s', (policy) => {
    expect(readInfo(info({ maxmemory_policy: policy })).facts.evicts).toBe(true);
  });

  it('may say nothing of the sort', () => {
    expect(readInfo('')).toEqual({ facts: { version: '', evicts: false }, fault: null });
  });
});
