import { hiss, voice, wav } from '../testing/synthetic-sound.js';
import { pitchAt, semitonesOf, trackPitch } from './pitch.js';
import { pitchJumps } from './pitch-jumps.js';
import { decodeWav } from './wav.js';

const heard = (samples: number[], rate = 8_000) => decodeWav(wav(samples, { rate }));

describe('measuring pitch', () => {
  it.each([80, 115, 150, 215, 300, 390])('hears %d Hz', (hertz) => {
    const measured = pitchAt(heard(voice(hertz, 0.5)), 0.25) ?? 0;
    expect(Math.abs(semitonesOf(measured) - semitonesOf(hertz))).toBeLessThan(0.3);
  });

  it('hears none in hiss, in silence and over the edge of the recording', () => {
    expect(pitchAt(heard(hiss(0.5, 0.3)), 0.25)).toBeNull();
    expect(pitchAt(heard(new Array<number>(4_000).fill(0)), 0.25)).toBeNull();
    expect(pitchAt(heard(voice(150, 0.5)), 0)).toBeNull();
  });

  it('finds where one voice hands over to another without a pause', () => {
    const samples = [...voice(110, 1.2), ...voice(200, 0.9), ...voice(110, 1)];
    const jumps = pitchJumps(trackPitch(heard(samples), { from: 0, to: 310 }));
    expect(jumps).toHaveLength(2);
    expect(Math.abs((jumps[0] ?? 0) - 1.2)).toBeLessThan(0.06);
    expect(Math.abs((jumps[1] ?? 0) - 2.1)).toBeLessThan(0.06);
  });

  it('takes a melody of a few semitones and a short squeak for one voice', () => {
    const melody = [...voice(110, 0.8), ...voice(130, 0.8), ...voice(105, 0.8)];
    expect(pitchJumps(trackPitch(heard(melody), { from: 0, to: 240 }))).toEqual([]);
    const squeak = [...voice(110, 1), ...voice(300, 0.1), ...voice(110, 1)];
    expect(pitchJumps(trackPitch(heard(squeak), { from: 0, to: 210 }))).toEqual([]);
  });
});
