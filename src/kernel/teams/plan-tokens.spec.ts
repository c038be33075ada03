import { Pace } from '../config/pace.js';
import { ServiceEnv } from '../config/service.env.js';
import { PlanTokens } from './plan-tokens.js';

interface Plan {
  since: string;
  until: string;
}

const NOW = Date.parse('2026-11-21T12:00:00Z');
const plan: Plan = { since: '2026-11-20T00:00:00.000Z', until: '2026-11-21T00:00:00.000Z' };

function tokens(use = 'redelivery', ...keys: string[]): PlanTokens<Plan> {
  const [first = 'a', ...before] = keys;
  const bytes = (key: string) => Buffer.from(`${key}:${use}`);
  return new PlanTokens({ derive: () => [bytes(first), ...before.map(bytes)] }, new Pace(new ServiceEnv()), use);
}

const codeOf = (open: () => unknown): unknown => {
  try {
    return open();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('the token of a plan', () => {
  it('brings back what it was made of, whatever the plan calls its fields', () => {
    expect(tokens().open(tokens().seal(plan, 'k', NOW), 'k', NOW)).toEqual(plan);
  });

  it('is good for ten minutes', () => {
    const token = tokens().seal(plan, 'k', NOW);
    expect(codeOf(() => tokens().open(token, 'k', NOW + 599_999))).toEqual(plan);
    expect(codeOf(() => tokens().open(token, 'k', NOW + 600_000))).toBe('plan_expired');
  });

  it('is good for as long as the pace says', () => {
    const env = Object.assign(new ServiceEnv(), { SIGNALBOX_TIME_FACTOR: 0.1 });
    const quick = new PlanTokens<Plan>({ derive: () => [Buffer.from('a')] }, new Pace(env), 'u');
    const token = quick.seal(plan, 'k', NOW);
    expect(codeOf(() => quick.open(token, 'k', NOW + 59_999))).toEqual(plan);
    expect(codeOf(() => quick.open(token, 'k', NOW + 60_000))).toBe('plan_expired');
  });

  it('is good in the hands of who asked for it only', () => {
    expect(codeOf(() => tokens().open(tokens().seal(plan, 'k', NOW), 'other', NOW))).toBe('plan_of_another_key');
  });

  it('of the master key before is still good', () => {
    expect(tokens('u', 'new', 'old').open(tokens('u', 'old').seal(plan, 'k', NOW), 'k', NOW)).toEqual(plan);
  });

  it.each<[string, (token: string) => string]>([
    ['changed', (token) => `${token.slice(0, 10)}A${token.slice(11)}`],
    ['with another signature', (token) => `${token.split('.')[0]}.AAAA`],
    ['without one', (token) => String(token.split('.')[0])],
    ['with something after it', (token) => `${token}.x`],
    ['that is empty', () => ''],
    ['for another use', () => tokens('replay').seal(plan, 'k', NOW)],
  ])('%s is refused', (_, change) => {
    expect(codeOf(() => tokens().open(change(tokens().seal(plan, 'k', NOW)), 'k', NOW))).toBe('invalid_request');
  });
});
