import type { Conversation } from './conversation.js';
import { secondsOf } from './times.js';

/**
 * Rich Transcription Time Marked (NIST, RT-09 evaluation plan, appendix A), one line per turn:
 * `SPEAKER file chnl tbeg tdur ortho stype name conf slat`, ten fields with a space between them, times in seconds, `<NA>`
 * for what does not apply. No field has space in it, so that in names it becomes `_`; two names stay two.
 */
export function rttm({ turns }: Conversation, file: string): string {
  const names = fieldNames(turns.map((turn) => turn.speaker));
  return turns
    .map(({ speaker, start, end }) => {
      const times = `${secondsOf(start)} ${secondsOf(end - start)}`;
      return `SPEAKER ${fieldOf(file)} 1 ${times} <NA> <NA> ${names.get(speaker) ?? fieldOf(speaker)} <NA> <NA>\n`;
    })
    .join('');
}

/** Speaker → field, in the order of the first turn. A name that is taken gets a number. */
function fieldNames(speakers: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const speaker of speakers) {
    if (names.has(speaker)) continue;
    const plain = fieldOf(speaker);
    let name = plain;
    for (let n = 2; taken.has(name); n += 1) name = `${plain}_${n}`;
    names.set(speaker, name);
    taken.add(name);
  }
  return names;
}

/** `<NA>` means that nobody is named: it may not be somebody's name. */
function fieldOf(text: string): string {
  const field = text.replace(/[\s\p{C}]+/gu, '_');
  return field === '' || field === '<NA>' ? `_${field}_` : field;
}
