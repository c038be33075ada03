import { describeEnv, parseEnv } from '../config/parse-env.js';
import { DatabaseEnv } from './database.env.js';

describe('how Postgres is reached', () => {
  it('is up to us when nothing is set', () => {
    expect(parseEnv(DatabaseEnv, {})).toEqual({
      DATABASE_URL: '',
      DATABASE_DIRECT_URL: '',
      DATABASE_POOL: 20,
      DATABASE_MIGRATE: true,
    });
  });

  it.each(['postgres://a:b@db:5432/x', 'postgresql:///x?host=/var/run'])('can be said by %s', (url) => {
    expect(parseEnv(DatabaseEnv, { DATABASE_URL: url }).DATABASE_URL).toBe(url);
  });

  it.each([
    ['DATABASE_URL', 'mysql://user:hush@db/x', 'must begin with postgres://'],
    ['DATABASE_DIRECT_URL', 'user:hush@db', 'must begin with postgres://'],
    ['DATABASE_POOL', '1', 'must not be less than 2'],
    ['DATABASE_POOL', '501', 'must not be greater than 500'],
    ['DATABASE_POOL', '2.5', 'must be an integer number'],
    ['DATABASE_MIGRATE', 'perhaps', '"perhaps" is neither true nor false'],
  ])('cannot be said by %s=%s, and no password is shown', (name, value, detail) => {
    expect(() => parseEnv(DatabaseEnv, { [name]: value })).toThrow(
      expect.objectContaining({
        message: `The environment is not right:\n  - ${name}: ${detail}`,
      }) as Error,
    );
  });

  it('is a secret where it holds a password', () => {
    const secret = describeEnv(DatabaseEnv).filter((key) => key.secret);
    expect(secret.map((key) => key.name)).toEqual(['DATABASE_URL', 'DATABASE_DIRECT_URL']);
  });
});
