import { HOUR, MINUTE, SECOND } from '../../../kernel/config/pace.js';

/** Distances that people count in; all in milliseconds. */
const STEPS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * HOUR),
];
/** Labels that fit beside each other. */
const MOST = 12;

export interface Tick {
  /** Milliseconds. */
  at: number;
  label: string;
}

/** Round moments from 0 to the end, at most 13, with labels that are no finer than the distance between them. */
export function ticksOf(duration: number): Tick[] {
  const step = STEPS.find((distance) => duration / distance <= MOST) ?? 24 * HOUR;
  const count = Math.floor(duration / step) + 1;
  return Array.from({ length: count }, (_, n) => ({ at: n * step, label: labelOf(n * step, step) }));
}

/** `0.5`, `15 s` … under a minute in all; `1:30` for minutes and seconds; `1:30 h` and `2 h` for hours. */
function labelOf(at: number, step: number): string {
  if (at === 0) return '0';
  if (step < SECOND) return `${(at / SECOND).toFixed(1)} s`;
  if (at < MINUTE) return `${at / SECOND} s`;
  const [hours, minutes] = [Math.floor(at / HOUR), Math.floor(at / MINUTE) % 60];
  if (hours === 0) return step < MINUTE ? `${minutes}:${two((at % MINUTE) / SECOND)}` : `${minutes} min`;
  return minutes === 0 ? `${hours} h` : `${hours}:${two(minutes)} h`;
}

const two = (value: number) => String(value).padStart(2, '0');
