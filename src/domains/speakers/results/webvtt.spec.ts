import { plainText } from './plain-text.js';
import { webvtt } from './webvtt.js';

const said = (text: string, speaker = 'Ada', start = 1_200, end = 3_400) => ({ speaker, start, end, text });

describe('WebVTT', () => {
  it('has a cue for each caption, with a voice', () => {
    expect(webvtt([said('Hello'), said('Bye', 'Bob', 359_999_001, 360_000_000)])).toBe(
      'WEBVTT\n\n' +
        '00:00:01.200 --> 00:00:03.400\n<v Ada>Hello</v>\n\n' +
        '99:59:59.001 --> 100:00:00.000\n<v Bob>Bye</v>\n',
    );
  });

  it('is a file of its kind even without a cue', () => {
    expect(webvtt([])).toBe('WEBVTT\n');
  });

  it.each([
    ['a --> b', 'a --&gt; b'],
    ['<i>x</i> & y', '&lt;i&gt;x&lt;/i&gt; &amp; y'],
    ['one\n\ntwo\r\nthree', 'one two three'],
    ['a\u0000b\u202ec', 'a b c'],
    ['👩‍🚀 ok', '👩‍🚀 ok'],
  ])('lets no text out of its cue: %j', (text, expected) => {
    expect(
      webvtt([said(text)])
        .split('\n')
        .slice(2),
    ).toEqual(['00:00:01.200 --> 00:00:03.400', `<v Ada>${expected}</v>`, '']);
  });

  it.each([
    ['A>B', 'A&gt;B'],
    ['A\nB', 'A B'],
    ['A & <B>', 'A &amp; &lt;B&gt;'],
  ])('lets no name out of its tag: %j', (speaker, expected) => {
    expect(webvtt([said('x', speaker)])).toContain(`\n<v ${expected}>x</v>\n`);
  });
});

describe('plain text', () => {
  it('has a line for each paragraph', () => {
    expect(plainText([said('Hello\nthere'), said('Bye', 'B\no\nb', 3_723_999)])).toBe(
      '[00:00:01] Ada: Hello there\n[01:02:03] B o b: Bye\n',
    );
  });
});
