import type { Conversation, Turn } from './conversation.js';
import { talkStats } from './talk-stats.js';
import type { SpeakerStats } from './talk-stats.js';
import { ticksOf } from './ticks.js';
import { LIGHT_LANES, timelineStyle } from './timeline-colours.js';
import { lengthOf } from './times.js';
import { shortened, xmlText } from './xml-text.js';

/** Pixels, at the size that the picture says it has. */
const WIDTH = 1_200;
const LEFT = 190;
const PLOT = 800;
const TOP = 52;
const LANE = 34;
const BAR = 22;
/** What is shorter is drawn this long, so that a word in three hours is still seen. */
const THINNEST = 0.6;
const NAME_LETTERS = 22;

/**
 * A picture (SVG 1.1) of who spoke when: an axis with round ticks, a lane per speaker in the order of their first turns, the
 * name before it, talk time and number of turns after it. Title and description say the same in words. It follows the
 * reader's choice of light or dark. `id` makes the ids in it its own.
 */
export function timelineSvg(conversation: Conversation, id: string): string {
  const { turns } = conversation;
  const stats = talkStats(conversation);
  const duration = Math.max(stats.duration * 1_000, 1);
  const x = (ms: number) => LEFT + (ms / duration) * PLOT;
  const lanes = lanesOf(turns);
  const bottom = TOP + Math.max(lanes.size, 1) * LANE;
  const label = xmlText(id);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 40}" viewBox="0 0 ${WIDTH} ${bottom + 40}" role="img" aria-labelledby="title-${label} desc-${label}" font-family="system-ui,sans-serif" font-size="14">`,
    `<title id="title-${label}">Who spoke when</title>`,
    `<desc id="desc-${label}">${xmlText(inWords(stats.speakers, duration))}</desc>`,
    `<style>${timelineStyle()}</style>`,
    `<rect class="who-page" width="100%" height="100%"/>`,
    `<text class="who-ink" x="16" y="30" font-size="18" font-weight="600">Who spoke when</text>`,
    `<text class="who-faint" x="${WIDTH - 16}" y="30" text-anchor="end">${summary(stats.speech, stats.overlap, duration)}</text>`,
    ...axis(duration, x, bottom),
    ...[...lanes].map(([speaker, own], n) => {
      const numbers = stats.speakers.find((other) => other.speaker === speaker);
      return lane(speaker, own, { n, x, talk: numbers ? talkOf(numbers) : '' });
    }),
    ...(lanes.size === 0
      ? [`<text class="who-faint" x="${LEFT}" y="${TOP + LANE / 2 + 5}">nobody speaks in this recording</text>`]
      : []),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function lanesOf(turns: readonly Turn[]): Map<string, Turn[]> {
  const lanes = new Map<string, Turn[]>();
  for (const turn of turns) {
    const own = lanes.get(turn.speaker);
    if (own) own.push(turn);
    else lanes.set(turn.speaker, [turn]);
  }
  return lanes;
}

function lane(
  speaker: string,
  turns: readonly Turn[],
  { n, x, talk }: { n: number; x: (ms: number) => number; talk: string },
): string {
  const y = TOP + n * LANE;
  const text = y + LANE / 2 + 5;
  return [
    `<g><title>${xmlText(`${speaker}: ${talk}`)}</title>`,
    `<rect class="who-lane" x="${LEFT}" y="${y + (LANE - BAR) / 2}" width="${PLOT}" height="${BAR}"/>`,
    `<text class="who-ink" x="${LEFT - 12}" y="${text}" text-anchor="end">${xmlText(shortened(speaker, NAME_LETTERS))}</text>`,
    `<path class="who-${n % LIGHT_LANES.length}" d="${bars(turns, x, y + (LANE - BAR) / 2)}"/>`,
    `<text class="who-ink" x="${LEFT + PLOT + 12}" y="${text}">${xmlText(talk)}</text></g>`,
  ].join('');
}

/** One path for all turns of a lane; those that would touch on the screen become one bar, so that a day is no larger. */
function bars(turns: readonly Turn[], x: (ms: number) => number, y: number): string {
  const drawn: [from: number, to: number][] = [];
  for (const { start, end } of turns) {
    const from = Math.min(x(start), LEFT + PLOT - THINNEST);
    const to = Math.max(x(end), from + THINNEST);
    const last = drawn.at(-1);
    if (last && from - last[1] < 0.02) last[1] = Math.max(last[1], to);
    else drawn.push([from, to]);
  }
  return drawn.map(([from, to]) => `M${px(from)} ${y}h${px(to - from)}v${BAR}h${px(from - to)}z`).join('');
}

function axis(duration: number, x: (ms: number) => number, bottom: number): string[] {
  return ticksOf(duration).map(({ at, label }) => {
    const line = `<line class="who-grid" x1="${px(x(at))}" y1="${TOP - 4}" x2="${px(x(at))}" y2="${bottom + 6}"/>`;
    return `${line}<text class="who-faint" x="${px(x(at))}" y="${bottom + 24}" text-anchor="middle" font-size="12">${label}</text>`;
  });
}

const talkOf = ({ talk, turns }: SpeakerStats) =>
  `${lengthOf(talk * 1_000)} in ${turns} ${turns === 1 ? 'turn' : 'turns'}`;

function summary(speech: number, overlap: number, duration: number): string {
  return `${lengthOf(duration)}, of it ${lengthOf(speech * 1_000)} speech, ${lengthOf(overlap * 1_000)} at once`;
}

function inWords(speakers: readonly SpeakerStats[], duration: number): string {
  if (speakers.length === 0) return 'Nobody speaks in this recording.';
  const each = speakers.map((stats) => `${stats.speaker} speaks ${talkOf(stats)}`);
  return `${speakers.length} ${speakers.length === 1 ? 'speaker' : 'speakers'} in ${lengthOf(duration)}. ${each.join('; ')}.`;
}

const px = (value: number) => String(Math.round(value * 100) / 100);
