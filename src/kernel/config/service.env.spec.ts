import { EnvironmentError, describeEnv, parseEnv } from './parse-env.js';
import type { Environment } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

const read = (env: Environment) => parseEnv(ServiceEnv, env);

describe('the environment of the service', () => {
  it('needs nothing to be set', () => {
    expect(read({})).toMatchObject({
      NODE_ENV: 'development',
      PORT: 8000,
      HOST: '0.0.0.0',
      PUBLIC_URL: '',
      SIGNALBOX_HOME: '.signalbox',
      SIGNALBOX_SANDBOX: false,
      SIGNALBOX_TIME_FACTOR: 1,
      LOG_LEVEL: 'info',
    });
  });

  it('still understands the names of the original', () => {
    expect(read({ WEBHOOK_SERVER_PORT: '8080', WEBHOOK_SERVER_HOST: '127.0.0.1' })).toMatchObject({
      PORT: 8080,
      HOST: '127.0.0.1',
    });
  });

  it.each([
    { PORT: '0' },
    { PORT: '65535' },
    { PUBLIC_URL: 'https://signalbox.example.com' },
    { PUBLIC_URL: 'https://example.com/some/prefix' },
    { PUBLIC_URL: 'http://localhost:8000' },
    { SIGNALBOX_TIME_FACTOR: '0.001' },
    { LOG_LEVEL: 'silent' },
    { ROLE: 'worker' },
    { SIGNALBOX_CRASH_AT: 'submit.asked' },
    { TRUST_PROXY: 'true' },
    { TRUST_PROXY: 'FALSE' },
    { TRUST_PROXY: '2' },
    { TRUST_PROXY: '10.0.0.1, fd00::/8 loopback' },
  ])('takes %j', (env) => {
    expect(() => read(env)).not.toThrow();
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'signalbox.example.com'],
    ['PUBLIC_URL', 'ftp://example.com'],
    ['PUBLIC_URL', 'https://'],
    ['SIGNALBOX_TIME_FACTOR', '0'],
    ['SIGNALBOX_TIME_FACTOR', '-0.5'],
    ['SIGNALBOX_TIME_FACTOR', '1.5'],
    ['LOG_LEVEL', 'loud'],
    ['ROLE', 'both'],
    ['SIGNALBOX_CRASH_AT', 'submit'],
    ['TRUST_PROXY', 'yes'],
    ['TRUST_PROXY', 'true, 10.0.0.1'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.1 nginx'],
    ['SIGNALBOX_MASTER_KEY', 'short'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(EnvironmentError);
    expect(() => read({ [name]: value })).toThrow(`\n  - ${name}: `);
  });

  it('marks the keys, and nothing else, as secret', () => {
    const secret = describeEnv(ServiceEnv).filter((key) => key.secret);
    expect(secret.map((key) => key.name)).toEqual(['SIGNALBOX_MASTER_KEY', 'SIGNALBOX_MASTER_KEY_PREVIOUS']);
  });

  it('never shows a secret in what it says about bad keys', () => {
    const hush = 'do-not-tell-anybody';
    expect(() => read({ SIGNALBOX_MASTER_KEY: hush, PORT: 'x' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(hush) as string }) as Error,
    );
  });
});
