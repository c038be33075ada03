import type { Stretch, VoiceFeatures } from './hear.js';

export interface VoiceCount {
  exactly?: number | undefined;
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

/** The voices of a recording in order of first appearance, and for every stretch the index of its voice. */
export interface Voices {
  voices: VoiceFeatures[];
  ofStretch: number[];
  warning?: string;
}

interface Cluster {
  members: number[];
  seconds: number;
  pitch: number;
}

/** Two stretches closer than this are one voice: people wander two or three semitones from sentence to sentence. */
const SAME_VOICE = 3.5;

/** Joins the two nearest in pitch again and again, until what is left is far enough apart or the wanted number. */
export function tellVoicesApart(stretches: readonly Stretch[], count: VoiceCount = {}): Voices {
  const atLeast = count.exactly ?? count.atLeast ?? 1;
  const atMost = count.exactly ?? count.atMost ?? Number.POSITIVE_INFINITY;
  const clusters: Cluster[] = stretches
    .map((stretch, index) => ({ members: [index], seconds: stretch.end - stretch.start, pitch: stretch.pitch }))
    .sort((a, b) => a.pitch - b.pitch);
  for (;;) {
    const nearest = nearestNeighbours(clusters);
    if (nearest === undefined || clusters.length <= atLeast) break;
    if (nearest.distance >= SAME_VOICE && clusters.length <= atMost) break;
    join(clusters, nearest.index);
  }
  clusters.sort((a, b) => Math.min(...a.members) - Math.min(...b.members));
  const ofStretch = stretches.map((_, index) => clusters.findIndex((cluster) => cluster.members.includes(index)));
  const voices = clusters.map((cluster) => featuresOf(cluster.members.flatMap((index) => stretches[index] ?? [])));
  return { voices, ofStretch, ...warningFor(clusters.length, count) };
}

/** In one dimension, sorted, the nearest pair is always side by side. */
function nearestNeighbours(clusters: readonly Cluster[]): { index: number; distance: number } | undefined {
  let nearest: { index: number; distance: number } | undefined;
  clusters.slice(1).forEach((cluster, index) => {
    const distance = cluster.pitch - (clusters[index]?.pitch ?? 0);
    if (nearest === undefined || distance < nearest.distance) nearest = { index, distance };
  });
  return nearest;
}

function join(clusters: Cluster[], index: number): void {
  const [low, high] = clusters.slice(index, index + 2);
  if (low === undefined || high === undefined) return;
  const seconds = low.seconds + high.seconds;
  const pitch = (low.pitch * low.seconds + high.pitch * high.seconds) / seconds;
  clusters.splice(index, 2, { members: [...low.members, ...high.members], seconds, pitch });
}

/** Averages weighted by how long each stretch is. */
export function featuresOf(stretches: readonly Stretch[]): VoiceFeatures {
  const total = stretches.reduce((sum, stretch) => sum + stretch.end - stretch.start, 0) || 1;
  const mean = (of: (stretch: Stretch) => number) =>
    stretches.reduce((sum, stretch) => sum + of(stretch) * (stretch.end - stretch.start), 0) / total;
  const bands = (stretches[0]?.bands ?? []).map((_, band) => mean((stretch) => stretch.bands[band] ?? 0));
  return { pitch: mean((stretch) => stretch.pitch), spread: mean((stretch) => stretch.spread), bands };
}

function warningFor(found: number, count: VoiceCount): { warning?: string } {
  const wanted = count.exactly ?? count.atLeast ?? 0;
  if (found >= wanted) return {};
  const how = count.exactly === undefined ? 'at least ' : '';
  return { warning: `${how}${wanted} speakers were asked for, but only ${found} could be told apart` };
}
