import { conversationFrom } from './conversation.js';
import { cell, csv } from './csv.js';

describe('CSV', () => {
  it('has a head, a row per turn with three decimals, and CR LF', () => {
    const diarization = [
      { speaker: 'SPEAKER_00', start: 0.1, end: 0.3 },
      { speaker: 'Ada, Countess', start: 0.2, end: 3_600 },
    ];
    expect(csv(conversationFrom({ diarization }))).toBe(
      'speaker,start,end,duration\r\nSPEAKER_00,0.100,0.300,0.200\r\n"Ada, Countess",0.200,3600.000,3599.800\r\n',
    );
  });

  it('has a head where nobody speaks', () => {
    expect(csv(conversationFrom({ diarization: [] }))).toBe('speaker,start,end,duration\r\n');
  });

  it.each([
    ['Ada', 'Ada'],
    ['a"b', '"a""b"'],
    ['a,b', '"a,b"'],
    ['a\r\nb', '"a\r\nb"'],
    [' a ', '" a "'],
    ['🎤 <b>', '🎤 <b>'],
    ['', ''],
  ])('quotes what has to be quoted: %j', (text, expected) => {
    expect(cell(text)).toBe(expected);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\n=x', ' =1+1', '＝1', '=cmd|"/c calc"!A1'])(
    'never begins a cell with what a spreadsheet would run: %j',
    (text) => {
      expect(cell(text)).toBe(`"'${text.replaceAll('"', '""')}"`);
    },
  );
});
