import { mediaTypeOf } from './media-type.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('The media type of a file', () => {
  it.each([
    ['audio/x-wav; codec=1', 'audio/x-wav'],
    ['Text/HTML', 'text/html'],
  ])('is what was given: %s', (given, type) => {
    expect(mediaTypeOf(given, bytes('RIFF1234WAVEfmt '))).toBe(type);
  });

  it.each([
    ['RIFF1234WAVEfmt ', 'audio/wav'],
    ['RIFF1234AVI LIST', 'application/octet-stream'],
    ['ID3\x04', 'audio/mpeg'],
    ['\xff\xfb\x90d', 'audio/mpeg'],
    ['\xff\xff\xff\xff', 'application/octet-stream'],
    ['fLaC', 'audio/flac'],
    ['OggS', 'audio/ogg'],
    ['1234ftypM4A ', 'audio/mp4'],
    ['1234ftypisom', 'video/mp4'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['', 'application/octet-stream'],
  ])('is seen in the first bytes where nothing was said: %j', (head, type) => {
    for (const given of [
      undefined,
      'application/octet-stream',
      'application/x-www-form-urlencoded',
      'no type',
      'a/b\r\nc',
    ])
      expect(mediaTypeOf(given, bytes(head))).toBe(type);
  });
});
