import { DAY, HOUR, MINUTE, Pace, SECOND } from './pace.js';
import { parseEnv } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

const at = (factor: number) => new Pace(parseEnv(ServiceEnv, { SIGNALBOX_TIME_FACTOR: String(factor) }));

describe('the pace', () => {
  it('is that of life where nobody says otherwise', () => {
    const pace = new Pace(parseEnv(ServiceEnv, {}));
    expect(pace.ms(DAY)).toBe(86_400_000);
    expect(pace.patience(MINUTE)).toBe(60_000);
  });

  it('multiplies every interval that only passes', () => {
    expect(at(0.05).ms(MINUTE)).toBe(3_000);
    expect(at(0.001).ms(HOUR)).toBe(3_600);
  });

  it('leaves work the two seconds that it really takes, however fast the clock', () => {
    expect(at(0.001).patience(MINUTE)).toBe(2 * SECOND);
    expect(at(0.05).patience(MINUTE)).toBe(3 * SECOND);
  });

  it('never makes patience longer than was asked for', () => {
    expect(at(0.001).patience(500)).toBe(500);
    expect(at(1).patience(500)).toBe(500);
  });
});
