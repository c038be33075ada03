import { MasterKey } from '../config/master-key.js';
import { MINUTE, Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { Problem } from '../http/problem.js';
import { ReplayPlans } from './replay-plan.js';
import type { ReplayPlan } from './replay-plan.js';

const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);
const KEY = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const OTHER_KEY = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a12';
const NOW = Date.UTC(2026, 10, 21);

const plan: ReplayPlan = {
  filter: { outcome: ['dead'], source: 'acme', after: '2026-11-20T00:00:00.000Z' },
  at: '2026-11-21 00:00:00.123456+00',
  newest: '2026-11-20T12:00:00.000Z',
  count: 3,
};

function plans(key = OLD, previous = '', factor = '1'): ReplayPlans {
  const sandbox = factor === '1' ? {} : { SIGNALBOX_SANDBOX: 'true', SIGNALBOX_TIME_FACTOR: factor };
  const env = parseEnv(ServiceEnv, {
    SIGNALBOX_MASTER_KEY: key,
    ...(previous === '' ? {} : { SIGNALBOX_MASTER_KEY_PREVIOUS: previous }),
    ...sandbox,
  });
  return new ReplayPlans(new MasterKey(env), new Pace(env));
}

function refusal(open: () => unknown): [number, string] {
  try {
    open();
  } catch (error) {
    const { code, getStatus } = error as Problem;
    return [getStatus.call(error), code];
  }
  throw new Error('it was taken');
}

describe('a plan', () => {
  const token = plans().seal(plan, KEY, NOW);

  it('comes back as it was made, until ten minutes are over', () => {
    expect(plans().open(token, KEY, NOW)).toEqual(plan);
    expect(plans().open(token, KEY, NOW + 10 * MINUTE - 1)).toEqual(plan);
    expect(refusal(() => plans().open(token, KEY, NOW + 10 * MINUTE))).toEqual([410, 'plan_expired']);
  });

  it('lasts as long as the pace says', () => {
    const quick = plans(OLD, '', '0.1');
    const short = quick.seal(plan, KEY, NOW);
    expect(quick.open(short, KEY, NOW + MINUTE - 1)).toEqual(plan);
    expect(refusal(() => quick.open(short, KEY, NOW + MINUTE))).toEqual([410, 'plan_expired']);
  });

  it('is of use to the key that made it, and to no other', () => {
    expect(refusal(() => plans().open(token, OTHER_KEY, NOW))).toEqual([403, 'plan_of_another_key']);
  });

  it('goes through a text that fits into JSON and a shell', () => {
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
  });

  it('made under the master key of before still counts, and one of a key that is gone does not', () => {
    expect(plans(NEW, OLD).open(token, KEY, NOW)).toEqual(plan);
    expect(refusal(() => plans(NEW).open(token, KEY, NOW))).toEqual([400, 'invalid_request']);
  });

  const [text = '', mac = ''] = token.split('.');
  const other = Buffer.from(JSON.stringify({ ...plan, count: 4, keyId: KEY, until: NOW + MINUTE })).toString(
    'base64url',
  );
  it.each([
    ['nothing', ''],
    ['a word', 'plan'],
    ['only the text', text],
    ['the text and no signature', `${text}.`],
    ['another text under its signature', `${other}.${mac}`],
    ['a signature that is cut off', `${text}.${mac.slice(0, 20)}`],
    ['a signature of which one bit is another', `${text}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`],
    ['more behind it', `${token}.x`],
    ['the text twice', `${text}.${text}`],
  ])('that somebody made up is refused: %s', (_what, made) => {
    expect(refusal(() => plans().open(made, KEY, NOW))).toEqual([400, 'invalid_request']);
  });
});
