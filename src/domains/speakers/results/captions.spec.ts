import { captionsOf, paragraphsOf } from './captions.js';
import type { Conversation, Spoken } from './conversation.js';

const word = (speaker: string, start: number, text: string, length = 300): Spoken => ({
  speaker,
  start,
  end: start + length,
  text,
});
const of = (words: Spoken[] | null, said: Spoken[] | null = null): Conversation => ({
  turns: [],
  ignored: 0,
  words,
  said,
});

describe('captions', () => {
  it('are made of words, until somebody else speaks or nobody does', () => {
    const words = [word('A', 0, 'Good'), word('A', 400, 'day'), word('B', 800, 'Hello'), word('B', 2_100, 'again')];
    expect(captionsOf(of(words))).toEqual([
      { speaker: 'A', start: 0, end: 700, text: 'Good day' },
      { speaker: 'B', start: 800, end: 1_100, text: 'Hello' },
      { speaker: 'B', start: 2_100, end: 2_400, text: 'again' },
    ]);
  });

  it('stay for seven seconds and have 84 letters at most', () => {
    const words = Array.from({ length: 200 }, (_, n) => word('A', n * 400, 'word'.repeat(1 + (n % 5))));
    const captions = captionsOf(of(words)) ?? [];
    expect(Math.max(...captions.map(({ start, end }) => end - start))).toBeLessThanOrEqual(7_000);
    expect(Math.max(...captions.map(({ text }) => text.length))).toBeLessThanOrEqual(84);
    expect(captions.map(({ text }) => text).join(' ')).toBe(words.map(({ text }) => text).join(' '));
  });

  it('are the turns as told where there are no words, and none without a transcription', () => {
    const said = [word('A', 0, 'Good day')];
    expect(captionsOf(of(null, said))).toBe(said);
    expect(captionsOf(of([], said))).toBe(said);
    expect(captionsOf(of([]))).toEqual([]);
    expect(captionsOf(of(null))).toBeNull();
  });
});

describe('paragraphs', () => {
  it('are the turns as told; else all words of one until somebody else speaks', () => {
    const words = Array.from({ length: 100 }, (_, n) => word('A', n * 400, 'word'));
    expect(paragraphsOf(of(words, [word('A', 0, 'told')]))).toMatchObject([{ text: 'told' }]);
    expect(paragraphsOf(of(words))).toHaveLength(1);
    expect(paragraphsOf(of(null))).toBeNull();
  });
});
