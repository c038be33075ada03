import { readXml } from '../testing/well-formed-xml.js';
import { conversationFrom } from './conversation.js';
import { ticksOf } from './ticks.js';
import { DARK, DARK_LANES, LIGHT, LIGHT_LANES } from './timeline-colours.js';
import { timelineSvg } from './timeline-svg.js';

type Given = [speaker: string, start: number, end: number];

const draw = (turns: Given[]) =>
  timelineSvg(conversationFrom({ diarization: turns.map(([speaker, start, end]) => ({ speaker, start, end })) }), 'j');
const read = (turns: Given[]) => readXml(draw(turns));
const textsOf = (turns: Given[]) => read(turns).flatMap(({ name, text }) => (name === 'text' ? [text] : []));

describe('the timeline', () => {
  it('has a lane for each speaker, with name, talk time and turns, and says it all in words', () => {
    const elements = read([
      ['SPEAKER_00', 0, 60],
      ['SPEAKER_01', 50, 120],
      ['SPEAKER_00', 100, 110.5],
    ]);
    const [root, title, desc] = elements;
    expect(root).toMatchObject({ name: 'svg', attributes: { role: 'img', 'aria-labelledby': 'title-j desc-j' } });
    expect([title?.attributes.id, title?.text]).toEqual(['title-j', 'Who spoke when']);
    expect([desc?.attributes.id, desc?.text]).toEqual([
      'desc-j',
      '2 speakers in 2 min 00 s. SPEAKER_00 speaks 1 min 11 s in 2 turns; SPEAKER_01 speaks 1 min 10 s in 1 turn.',
    ]);
    const paths = elements.filter(({ name }) => name === 'path').map(({ attributes }) => attributes);
    expect(paths).toEqual([
      { class: 'who-0', d: 'M190 58h400v22h-400zM856.67 58h70v22h-70z' },
      { class: 'who-1', d: 'M523.33 92h466.67v22h-466.67z' },
    ]);
  });

  it.each([
    [
      'two minutes',
      120,
      ['0', '10 s', '20 s', '30 s', '40 s', '50 s', '1:00', '1:10', '1:20', '1:30', '1:40', '1:50', '2:00'],
    ],
    [
      'three hours',
      10_800,
      [
        '0',
        '15 min',
        '30 min',
        '45 min',
        '1 h',
        '1:15 h',
        '1:30 h',
        '1:45 h',
        '2 h',
        '2:15 h',
        '2:30 h',
        '2:45 h',
        '3 h',
      ],
    ],
    ['14.4 seconds', 14.4, ['0', '2 s', '4 s', '6 s', '8 s', '10 s', '12 s', '14 s']],
    [
      'a day',
      86_400,
      ['0', '2 h', '4 h', '6 h', '8 h', '10 h', '12 h', '14 h', '16 h', '18 h', '20 h', '22 h', '24 h'],
    ],
  ])('has round ticks over %s', (_, seconds, labels) => {
    expect(ticksOf(seconds * 1_000).map(({ label }) => label)).toEqual(labels);
    expect(textsOf([['A', 0, seconds]])).toEqual(expect.arrayContaining(labels));
  });

  it.each([1, 30, 999, 5_000, 59_000, 3_599_000, 3_600_000, 40_000_000, 864_000_000])(
    'never has more than 13 ticks: %d ms',
    (duration) => {
      const ticks = ticksOf(duration);
      expect(ticks.length).toBeLessThanOrEqual(13);
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
      expect(ticks.at(-1)?.at).toBeLessThanOrEqual(duration);
    },
  );

  it('shows a word in three hours, and stays small for a day of short turns', () => {
    expect(
      draw([
        ['A', 0, 0.2],
        ['B', 0, 10_800],
      ]),
    ).toMatch(/class="who-0" d="M190 58h0\.6v22h-0\.6z"/);
    const day = Array.from({ length: 40_000 }, (_, n): Given => [`S${n % 3}`, n * 2.16, n * 2.16 + 1]);
    expect(draw(day).length).toBeLessThan(1_500_000);
  });

  it.each([
    '<script>alert(1)</script>',
    'a & b',
    '"quoted" \'twice\'',
    'a\nb',
    ']]>',
    '\u0000\u0008\ufffe',
    '👩‍🚀',
    '\ud800x',
  ])('is well-formed whatever a speaker is called: %j', (speaker) => {
    const elements = read([[speaker, 0, 1]]);
    expect(elements.some(({ name }) => name === 'script')).toBe(false);
  });

  it('cuts a long name where it is drawn, and has it whole where one points at it', () => {
    const name = 'Ада Лавлейс '.repeat(200).trim();
    const elements = read([[name, 0, 1]]);
    expect(elements.some(({ text }) => text === 'Ада Лавлейс Ада Лавлей…')).toBe(true);
    expect(elements.some(({ name: tag, text }) => tag === 'title' && text.startsWith(name))).toBe(true);
  });

  it('says so where nobody speaks', () => {
    expect(textsOf([])).toContain('nobody speaks in this recording');
    expect(draw([])).not.toMatch(/NaN|Infinity|undefined/);
  });
});

/** WCAG 2.2: relative luminance, and how far one colour stands out from another. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) =>
    [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, n) => sum + part * ([0.2126, 0.7152, 0.0722][n] ?? 0), 0);
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours of the timeline', () => {
  it.each([
    ['light', LIGHT, LIGHT_LANES],
    ['dark', DARK, DARK_LANES],
  ])('stand out from the page: %s', (_, { page, ink, faint, lane }, lanes) => {
    for (const colour of lanes)
      expect([colour, contrast(colour, page) >= 3, contrast(colour, lane) >= 2.6]).toEqual([colour, true, true]);
    expect(contrast(ink, page)).toBeGreaterThan(7);
    expect(contrast(faint, page)).toBeGreaterThan(4.5);
  });
});
