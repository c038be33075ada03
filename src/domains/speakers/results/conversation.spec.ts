import { conversationFrom } from './conversation.js';

const turn = (speaker: unknown, start: unknown, end: unknown) => ({ speaker, start, end });

describe('a conversation', () => {
  it('is the turns of a diarization, in whole milliseconds and in the order of time', () => {
    const diarization = [turn('B', 2, 3.4567), turn('A', 0.1 + 0.2, 2), turn('A', 2, 3)];
    expect(conversationFrom({ diarization })).toEqual({
      turns: [
        { speaker: 'A', start: 300, end: 2_000 },
        { speaker: 'A', start: 2_000, end: 3_000 },
        { speaker: 'B', start: 2_000, end: 3_457 },
      ],
      ignored: 0,
      words: null,
      said: null,
    });
  });

  it('of an identification has the matched names; who was not matched keeps the label of the diarization', () => {
    const identification = [
      { speaker: 'Ada', start: 0, end: 1, diarizationSpeaker: 'SPEAKER_00', match: 'Ada' },
      { speaker: 'whatever', start: 1, end: 2, diarizationSpeaker: 'SPEAKER_01', match: null },
      { start: 2, end: 3, diarizationSpeaker: 'SPEAKER_02' },
    ];
    const diarization = [turn('SPEAKER_00', 0, 9)];
    const turnLevelTranscription = [
      { speaker: 'SPEAKER_00', start: 0, end: 1, text: 'Hello' },
      { speaker: 'SPEAKER_01', start: 1, end: 2, text: 'Hi' },
    ];
    const { turns, said } = conversationFrom({ identification, diarization, turnLevelTranscription });
    expect(turns.map(({ speaker }) => speaker)).toEqual(['Ada', 'SPEAKER_01', 'SPEAKER_02']);
    expect(said?.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['Ada', 'Hello'],
      ['SPEAKER_01', 'Hi'],
    ]);
  });

  it.each<[string, unknown]>([
    ['without a length', turn('A', 1, 1)],
    ['that ends before it begins', turn('A', 2, 1)],
    ['before the audio', turn('A', -2, -1)],
    ['with times that are no numbers', turn('A', NaN, 1)],
    ['with times that are null, as NaN is in JSON', turn('A', null, 1)],
    ['with a time as text', turn('A', '0', 1)],
    ['without an end', { speaker: 'A', start: 1 }],
    ['that never ends', turn('A', 0, Infinity)],
    ['that ends in a hundred years', turn('A', 0, 3e9)],
    ['shorter than half a millisecond', turn('A', 1, 1.0004)],
    ['that is no object', 'A'],
    ['that is null', null],
  ])('leaves out, and counts, a turn %s', (_, item) => {
    expect(conversationFrom({ diarization: [item, turn('A', 3, 4)] })).toMatchObject({
      turns: [{ speaker: 'A', start: 3_000, end: 4_000 }],
      ignored: 1,
    });
  });

  it('begins with the audio, although a turn claims to begin before it', () => {
    expect(conversationFrom({ diarization: [turn('A', -0.5, 1)] }).turns).toEqual([
      { speaker: 'A', start: 0, end: 1_000 },
    ]);
  });

  it.each([undefined, null, '', '  ', 7, {}])('calls a speaker whose label is %p unknown', (label) => {
    expect(conversationFrom({ diarization: [turn(label, 0, 1)] }).turns).toMatchObject([{ speaker: 'unknown' }]);
  });

  it.each([{}, { diarization: [] }, { diarization: null }, { identification: [] }])('may be empty: %j', (result) => {
    expect(conversationFrom(result)).toEqual({ turns: [], ignored: 0, words: null, said: null });
  });

  it('loses no word for a length that makes no sense', () => {
    const wordLevelTranscription = [
      { speaker: 'A', start: 1, end: 1, text: 'a' },
      { speaker: 'A', start: 2, end: 1, word: 'b' },
      { speaker: 'A', start: 3, end: null, text: 'c' },
      { speaker: 'A', start: null, end: 4, text: 'lost' },
      { speaker: 'A', start: 4, end: 5, text: ' ' },
    ];
    expect(conversationFrom({ wordLevelTranscription }).words).toEqual([
      { speaker: 'A', start: 1_000, end: 1_001, text: 'a' },
      { speaker: 'A', start: 2_000, end: 2_001, text: 'b' },
      { speaker: 'A', start: 3_000, end: 3_001, text: 'c' },
    ]);
  });
});
