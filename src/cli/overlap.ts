import { MAX_OVERLAP } from '../kernel/teams/key-overlap.js';
import { Mistake } from './mistake.js';

const SECONDS = { s: 1, m: 60, h: 60 * 60, d: 24 * 60 * 60 } as const;

/** `90s`, `30m`, `24h`, `7d` or `0` as seconds. */
export function parseOverlap(text: string): number {
  const [, number, unit = 's'] = /^(?:(\d{1,7})([smhd])|0)$/.exec(text) ?? [];
  const seconds = text === '0' ? 0 : Number(number) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds <= MAX_OVERLAP) return seconds;
  throw new Mistake(`--overlap: "${text}" is neither a time such as 24h or 7d (30d at most) nor 0`);
}
