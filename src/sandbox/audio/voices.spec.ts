import type { Stretch } from './hear.js';
import { tellVoicesApart } from './voices.js';

function stretches(...pitches: number[]): Stretch[] {
  return pitches.map((pitch, index) => ({ start: index, end: index + 1, pitch, spread: 1, bands: [] }));
}

describe('telling voices apart', () => {
  it('numbers voices in the order they are first heard', () => {
    const { voices, ofStretch, warning } = tellVoicesApart(stretches(24, 12, 23, 13, 30));
    expect(ofStretch).toEqual([0, 1, 0, 1, 2]);
    expect(voices.map((voice) => voice.pitch)).toEqual([23.5, 12.5, 30]);
    expect(warning).toBeUndefined();
  });

  it('takes a wandering pitch for one voice', () => {
    expect(tellVoicesApart(stretches(12, 14, 13, 15)).voices).toHaveLength(1);
  });

  it('hears nobody in nothing, without a warning', () => {
    expect(tellVoicesApart([])).toEqual({ voices: [], ofStretch: [] });
  });

  it('goes by the wanted number, joining what is nearest', () => {
    expect(tellVoicesApart(stretches(12, 20, 28), { exactly: 2 }).voices).toHaveLength(2);
    expect(tellVoicesApart(stretches(12, 13, 28), { exactly: 2 }).ofStretch).toEqual([0, 0, 1]);
    expect(tellVoicesApart(stretches(12, 13, 28), { exactly: 3 }).ofStretch).toEqual([0, 1, 2]);
    expect(tellVoicesApart(stretches(12, 20, 28), { exactly: 1 }).ofStretch).toEqual([0, 0, 0]);
  });

  it('stays between the bounds', () => {
    expect(tellVoicesApart(stretches(12, 13), { atLeast: 2 }).voices).toHaveLength(2);
    expect(tellVoicesApart(stretches(12, 20, 28), { atMost: 2 }).voices).toHaveLength(2);
    expect(tellVoicesApart(stretches(12, 20, 28), { atLeast: 1, atMost: 5 }).voices).toHaveLength(3);
  });

  it('warns when there are fewer pieces of speech than speakers wanted', () => {
    expect(tellVoicesApart(stretches(12), { exactly: 3 }).warning).toMatch('3 speakers were asked for, but only 1');
    expect(tellVoicesApart(stretches(12), { atLeast: 2 }).warning).toMatch('at least 2');
  });
});
