interface Turn {
  speaker: string;
  start: number;
  end: number;
}

const WIDTH = 60;

/** Who spoke when, as bars over one axis, one line per speaker. */
export function speakerTimeline(turns: readonly Turn[]): string[] {
  const length = Math.max(0, ...turns.map((turn) => turn.end));
  const speakers = [...new Set(turns.map((turn) => turn.speaker))].sort();
  const margin = Math.max(0, ...speakers.map((speaker) => speaker.length));
  const cell = (time: number) => Math.min(WIDTH - 1, Math.floor((time / length) * WIDTH));
  const lines = speakers.map((speaker) => {
    const bar = new Array<string>(WIDTH).fill('·');
    const own = turns.filter((turn) => turn.speaker === speaker);
    for (const turn of own) bar.fill('█', cell(turn.start), cell(turn.end) + 1);
    const talk = own.reduce((sum, turn) => sum + turn.end - turn.start, 0);
    return `  ${speaker.padEnd(margin)}  ${bar.join('')}  ${talk.toFixed(1)} s in ${own.length} turns`;
  });
  return [
    ...lines,
    `  ${' '.repeat(margin)}  0 s${' '.repeat(WIDTH - 3 - `${length.toFixed(1)} s`.length)}${length.toFixed(1)} s`,
  ];
}
