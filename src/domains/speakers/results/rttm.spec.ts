import { conversationFrom } from './conversation.js';
import { rttm } from './rttm.js';

const of = (...turns: [string, number, number][]) =>
  rttm(conversationFrom({ diarization: turns.map(([speaker, start, end]) => ({ speaker, start, end })) }), 'a-job');

describe('RTTM', () => {
  it('has ten fields a line: type, file, channel, begin, length, two of nothing, name, two of nothing', () => {
    expect(of(['SPEAKER_00', 1.2, 3.4], ['SPEAKER_01', 2, 10.0005])).toBe(
      'SPEAKER a-job 1 1.200 2.200 <NA> <NA> SPEAKER_00 <NA> <NA>\n' +
        'SPEAKER a-job 1 2.000 8.001 <NA> <NA> SPEAKER_01 <NA> <NA>\n',
    );
  });

  it('is empty where nobody speaks', () => {
    expect(of()).toBe('');
  });

  it.each([
    ['Ada Lovelace', 'Ada_Lovelace'],
    ['a\t b\nc', 'a_b_c'],
    ['a\u00a0b\u2028c', 'a_b_c'],
    ['<NA>', '_<NA>_'],
    ['<Ada>', '<Ada>'],
    ['Ada 🎤', 'Ada_🎤'],
    ['Ольга', 'Ольга'],
    ['a\u0000b', 'a_b'],
    ['x'.repeat(5_000), 'x'.repeat(5_000)],
  ])('has no space in a name: %j', (given, name) => {
    const [line = ''] = of([given, 0, 1]).split('\n');
    expect(line.split(' ')).toEqual(['SPEAKER', 'a-job', '1', '0.000', '1.000', '<NA>', '<NA>', name, '<NA>', '<NA>']);
  });

  it('does not make one speaker of two', () => {
    const text = of(['a b', 0, 1], ['a_b', 1, 2], ['a\tb', 2, 3], ['a b', 3, 4]);
    expect(text.match(/<NA> a\S*/g)).toEqual(['<NA> a_b', '<NA> a_b_2', '<NA> a_b_3', '<NA> a_b']);
  });
});
