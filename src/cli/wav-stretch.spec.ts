import { decodeWav } from '../sandbox/audio/wav.js';
import { wav } from '../sandbox/testing/synthetic-sound.js';
import { stretchOf } from './wav-stretch.js';

describe('a stretch of a recording', () => {
  const ramp = Array.from({ length: 8_000 }, (_, n) => n / 8_000);

  it.each([
    [0.25, 0.5, 2_000],
    [0, 1, 8_000],
    [0.9, 2, 800],
  ])('from %d to %d s is a recording of %d samples', (start, end, length) => {
    const { rate, samples } = decodeWav(stretchOf(wav(ramp), { start, end }));
    expect([rate, samples.length]).toEqual([8_000, length]);
    expect(samples[0]).toBeCloseTo(start, 3);
  });

  it('leaves the whole recording as it was', () => {
    const whole = wav(ramp);
    const before = Buffer.from(whole);
    stretchOf(whole, { start: 0.1, end: 0.2 });
    expect(whole.equals(before)).toBe(true);
  });
});
