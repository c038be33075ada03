import { conversationFrom } from './conversation.js';
import { talkStats } from './talk-stats.js';

const of = (...turns: [string, number, number][]) =>
  talkStats(conversationFrom({ diarization: turns.map(([speaker, start, end]) => ({ speaker, start, end })) }));

describe('the numbers of a conversation', () => {
  it('are talk, turns, overlap and silence, of each and of all', () => {
    // 0 1 2 3 4 5 6 7 8 9 10
    //     A A A A     A A A
    //         B B B
    expect(of(['A', 2, 6], ['B', 4, 7], ['A', 8, 10.5])).toEqual({
      duration: 10.5,
      speech: 7.5,
      overlap: 2,
      silence: 3,
      talk: 9.5,
      turns: 3,
      ignoredTurns: 0,
      speakers: [
        { speaker: 'A', talk: 6.5, share: 0.6842, turns: 2, longestTurn: 4, overlap: 2, silence: 4 },
        { speaker: 'B', talk: 3, share: 0.3158, turns: 1, longestTurn: 3, overlap: 2, silence: 7.5 },
      ],
    });
  });

  it('count turns of one speaker that overlap once, and not as an overlap', () => {
    expect(of(['A', 0, 4], ['A', 1, 2], ['A', 3, 6])).toMatchObject({
      talk: 6,
      overlap: 0,
      turns: 3,
      speakers: [{ talk: 6, share: 1, turns: 3, longestTurn: 4, overlap: 0, silence: 0 }],
    });
  });

  it('count three at once as one overlap', () => {
    const { overlap, talk, speech } = of(['A', 0, 1], ['B', 0, 1], ['C', 0, 1]);
    expect({ overlap, talk, speech }).toEqual({ overlap: 1, talk: 3, speech: 1 });
  });

  it('do not count turns that touch as an overlap', () => {
    expect(of(['A', 0, 1.001], ['B', 1.001, 2])).toMatchObject({ overlap: 0, silence: 0, speech: 2 });
  });

  it('are all nought where nobody speaks', () => {
    expect(of()).toEqual({
      duration: 0,
      speech: 0,
      overlap: 0,
      silence: 0,
      talk: 0,
      turns: 0,
      ignoredTurns: 0,
      speakers: [],
    });
    expect(of(['A', 1, 1])).toMatchObject({ turns: 0, ignoredTurns: 1 });
  });

  it('hold together for many turns: speech and silence make the whole, talk is speech and what is said twice', () => {
    const turns = Array.from({ length: 500 }, (_, n): [string, number, number] => {
      const start = ((n * 7_919) % 1_000) / 3;
      return [`S${n % 4}`, start, start + ((n * 31) % 17) / 7 + 0.1];
    });
    const { duration, speech, silence, talk, speakers } = of(...turns);
    expect(speech + silence).toBeCloseTo(duration, 6);
    expect(speakers.reduce((sum, one) => sum + one.talk, 0)).toBeCloseTo(talk, 6);
    expect(speakers.every((one) => Math.abs(one.talk + one.silence - duration) < 1e-6)).toBe(true);
  });
});
