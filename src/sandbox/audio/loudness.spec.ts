import { hiss, silence, voice, wav } from '../testing/synthetic-sound.js';
import { HOP, loudRegions, measureLoudness } from './loudness.js';
import { decodeWav } from './wav.js';

function regionsOf(samples: number[]): [number, number][] {
  const regions = loudRegions(measureLoudness(decodeWav(wav(samples))));
  return regions.map(({ from, to }) => [Number((from * HOP).toFixed(1)), Number((to * HOP).toFixed(1))]);
}

function mix(one: number[], other: number[]): number[] {
  return one.map((value, n) => value + (other[n] ?? 0));
}

describe('telling speech from silence', () => {
  const twice = [...silence(0.5), ...voice(150, 1), ...silence(0.5), ...voice(150, 0.5), ...silence(0.5)];

  it('finds what is loud in digital silence', () => {
    expect(regionsOf(twice)).toEqual([
      [0.5, 1.5],
      [2, 2.5],
    ]);
  });

  it('finds the same in a noisy room and in a quiet recording', () => {
    const found = regionsOf(twice);
    expect(regionsOf(mix(twice, hiss(3, 0.01)))).toEqual(found);
    expect(regionsOf(twice.map((value) => value * 0.01))).toEqual(found);
  });

  it('keeps a short breath inside and drops a click', () => {
    const breath = [...silence(0.5), ...voice(150, 0.5), ...silence(0.15), ...voice(150, 0.5), ...silence(0.5)];
    expect(regionsOf(breath)).toHaveLength(1);
    expect(regionsOf([...twice, ...voice(150, 0.05), ...silence(0.5)])).toHaveLength(2);
  });

  it('takes sound without a pause as one piece, and silence as none', () => {
    expect(regionsOf(voice(150, 2))).toEqual([[0, 2]]);
    expect(regionsOf(silence(2))).toEqual([]);
    expect(regionsOf(hiss(2, 0.0002))).toEqual([]);
  });
});
