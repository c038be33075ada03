import { speakerTimeline } from './speaker-timeline.js';

const turn = (speaker: string, start: number, end: number) => ({ speaker, start, end });

/** The bar of a line: the part that is drawn. */
const barOf = (line: string | undefined) => /[·█]+/.exec(line ?? '')?.[0] ?? '';
/** Where a bar begins. */
const columnOf = (line: string | undefined) => (line ?? '').search(/[·█]/);

describe('who spoke when', () => {
  it('is one line per speaker, and an axis', () => {
    expect(speakerTimeline([turn('A', 0, 30), turn('B', 30, 60), turn('A', 59, 60)])).toEqual([
      `  A  ${'█'.repeat(31)}${'·'.repeat(28)}█  31.0 s in 2 turns`,
      `  B  ${'·'.repeat(30)}${'█'.repeat(30)}  30.0 s in 1 turns`,
      `     0 s${' '.repeat(51)}60.0 s`,
    ]);
  });

  it('is in the order of the names, whoever spoke first', () => {
    const lines = speakerTimeline([turn('SPEAKER_01', 0, 1), turn('SPEAKER_00', 1, 2)]);
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(['SPEAKER_00', 'SPEAKER_01', '0']);
  });

  it('is drawn on one axis, however long the names are', () => {
    const lines = speakerTimeline([turn('Al', 0, 5), turn('Bartholomew', 5, 10)]);
    expect(columnOf(lines[0])).toBe(columnOf(lines[1]));
    expect(lines[2]?.indexOf('0 s')).toBe(columnOf(lines[0]));
  });

  it('is sixty columns wide, however long the recording is', () => {
    for (const length of [0.01, 1, 59.9, 60, 12_345.6]) {
      const lines = speakerTimeline([turn('A', 0, length / 2), turn('B', length / 3, length)]);
      expect(lines.slice(0, 2).map((line) => barOf(line).length)).toEqual([60, 60]);
      expect(lines[2]?.trim()).toMatch(new RegExp(`^0 s +${length.toFixed(1)} s$`));
    }
  });

  it('shows a word that is shorter than a column', () => {
    expect(barOf(speakerTimeline([turn('A', 0, 0.001), turn('B', 0, 3_600)])[0])).toBe(`█${'·'.repeat(59)}`);
  });

  it('shows a turn that ends with the recording up to the edge, and no further', () => {
    expect(barOf(speakerTimeline([turn('A', 59.9, 60)])[0])).toBe(`${'·'.repeat(59)}█`);
  });

  it('is an empty axis when nobody spoke', () => {
    expect(speakerTimeline([])).toEqual([`    0 s${' '.repeat(52)}0.0 s`]);
  });
});
