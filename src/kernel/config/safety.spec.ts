import { EnvironmentError, parseEnv } from './parse-env.js';
import type { Environment } from './parse-env.js';
import { refuseUnsafe } from './safety.js';
import { ServiceEnv } from './service.env.js';

function namesRefused(env: Environment): string[] {
  try {
    refuseUnsafe(parseEnv(ServiceEnv, env));
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems.map((problem) => problem.split(':')[0] ?? '');
    throw error;
  }
  return [];
}

const production = { NODE_ENV: 'production', SIGNALBOX_MASTER_KEY: 'f'.repeat(64) };

describe('what must not be combined', () => {
  it.each<[string, Environment]>([
    ['a laptop with nothing set', {}],
    ['the sandbox on a laptop, in a hurry', { SIGNALBOX_SANDBOX: 'true', SIGNALBOX_TIME_FACTOR: '0.05' }],
    ['the sandbox on plain http', { SIGNALBOX_SANDBOX: 'true', PUBLIC_URL: 'http://localhost:8000' }],
    ['a crash in the sandbox', { SIGNALBOX_SANDBOX: 'true', SIGNALBOX_CRASH_AT: 'submit.asked' }],
    ['production with a key', production],
    ['production that is called by https', { ...production, PUBLIC_URL: 'https://signalbox.example.com' }],
  ])('does not hold up %s', (_, env) => {
    expect(namesRefused(env)).toEqual([]);
  });

  it.each<[string, Environment, string]>([
    ['production and the sandbox', { ...production, SIGNALBOX_SANDBOX: 'true' }, 'SIGNALBOX_SANDBOX'],
    ['production and a generated key', { NODE_ENV: 'production' }, 'SIGNALBOX_MASTER_KEY'],
    ['a fast clock and real vendors', { SIGNALBOX_TIME_FACTOR: '0.5' }, 'SIGNALBOX_TIME_FACTOR'],
    ['crashes and real vendors', { SIGNALBOX_CRASH_AT: 'submit.asked' }, 'SIGNALBOX_CRASH_AT'],
    ['plain http and real vendors', { PUBLIC_URL: 'http://example.com' }, 'PUBLIC_URL'],
    ['plain http in capitals and real vendors', { PUBLIC_URL: 'HTTP://example.com' }, 'PUBLIC_URL'],
  ])('refuses %s', (_, env, name) => {
    expect(namesRefused(env)).toEqual([name]);
  });

  it('is told all at once', () => {
    const env = { NODE_ENV: 'production', SIGNALBOX_TIME_FACTOR: '0.1', PUBLIC_URL: 'http://example.com' };
    expect(namesRefused(env)).toEqual(['SIGNALBOX_MASTER_KEY', 'SIGNALBOX_TIME_FACTOR', 'PUBLIC_URL']);
  });
});
