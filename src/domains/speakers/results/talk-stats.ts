import type { Conversation } from './conversation.js';

/** Seconds, to the millisecond, unless it says otherwise. */
export interface SpeakerStats {
  speaker: string;
  /** How long this speaker speaks; turns of one's own that overlap count once. */
  talk: number;
  /** Of the talk of all speakers together: 0 to 1, four decimals; 0 where nobody speaks. */
  share: number;
  /** How many turns, as the vendor cut them. */
  turns: number;
  longestTurn: number;
  /** How much of `talk` somebody else speaks too. */
  overlap: number;
  /** `duration` without `talk`. */
  silence: number;
}

/** Seconds, to the millisecond. */
export interface TalkStats {
  /** From 0 to the end of the last turn; what comes after it, a result does not tell. */
  duration: number;
  /** How long at least one speaks. */
  speech: number;
  /** How long at least two speak at once. */
  overlap: number;
  /** How long nobody does: `duration` without `speech`. */
  silence: number;
  /** The talk of all speakers added up: more than `speech` where they overlap. */
  talk: number;
  turns: number;
  /** Turns of the vendor's that were none, and are in no number here. */
  ignoredTurns: number;
  /** Who talks most comes first. */
  speakers: SpeakerStats[];
}

interface Count {
  talk: number;
  overlap: number;
  turns: number;
  longest: number;
  /** Turns of this speaker that are open at the moment of the sweep. */
  open: number;
}

/** Sweeps once over all beginnings and ends; between two of them the same people speak. */
export function talkStats({ turns, ignored }: Conversation): TalkStats {
  const counts = new Map<string, Count>();
  const talking = new Set<Count>();
  let [speech, overlap, before] = [0, 0, 0];
  for (const { at, speaker, length } of momentsOf(turns)) {
    const passed = at - before;
    if (talking.size > 0) speech += passed;
    if (talking.size > 1) overlap += passed;
    for (const count of talking) {
      count.talk += passed;
      if (talking.size > 1) count.overlap += passed;
    }
    before = at;
    const count = counts.get(speaker) ?? { talk: 0, overlap: 0, turns: 0, longest: 0, open: 0 };
    counts.set(speaker, count);
    if (length > 0) count.turns += 1;
    count.longest = Math.max(count.longest, length);
    count.open += length > 0 ? 1 : -1;
    if (count.open > 0) talking.add(count);
    else talking.delete(count);
  }
  const talk = [...counts.values()].reduce((sum, count) => sum + count.talk, 0);
  return {
    duration: seconds(before),
    speech: seconds(speech),
    overlap: seconds(overlap),
    silence: seconds(before - speech),
    talk: seconds(talk),
    turns: turns.length,
    ignoredTurns: ignored,
    speakers: [...counts]
      .sort(([, one], [, other]) => other.talk - one.talk)
      .map(([speaker, count]) => ({
        speaker,
        talk: seconds(count.talk),
        share: Math.round((count.talk / talk) * 10_000) / 10_000,
        turns: count.turns,
        longestTurn: seconds(count.longest),
        overlap: seconds(count.overlap),
        silence: seconds(before - count.talk),
      })),
  };
}

/** A turn begins (with its length) or ends (0), in the order of time. */
function momentsOf(turns: Conversation['turns']): { at: number; speaker: string; length: number }[] {
  return turns
    .flatMap(({ speaker, start, end }) => [
      { at: start, speaker, length: end - start },
      { at: end, speaker, length: 0 },
    ])
    .sort((one, other) => one.at - other.at);
}

const seconds = (ms: number) => ms / 1_000;
