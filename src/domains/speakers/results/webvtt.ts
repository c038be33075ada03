import type { Spoken } from './conversation.js';
import { oneLine } from './one-line.js';
import { timestampOf } from './times.js';

/**
 * Captions as WebVTT (W3C): one cue each, in a voice tag with the speaker's name. Text is escaped, so that neither `-->`
 * nor a tag nor an empty line in it ends the cue.
 */
export function webvtt(captions: readonly Spoken[]): string {
  const cues = captions.map(
    ({ speaker, start, end, text }) =>
      `${timestampOf(start)} --> ${timestampOf(end)}\n<v ${escaped(speaker)}>${escaped(text)}</v>\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

function escaped(text: string): string {
  return oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
