import { fieldsOf } from '../../kernel/http/json-fields.js';

const LAST_LINES = 200;
const MAX_LINE = 500;
/** Whatever a log says, only the vendor's word ends a training. */
const MOST = 0.99;

const COUNT = /(?<![\w./-])(\d{1,7})\s?\/\s?(\d{1,7})(?![\w/-]|\.\d)/;
const PERCENT = /(?<![\w.])(\d{1,3}(?:\.\d{1,4})?)\s?%/;
/** Work around the training has bars of its own, which would show it as nearly done when it begins. */
const ASIDE =
  /download|upload|fetch|load|extract|unzip|caption|pre-?process|mask|crop|latent|cach|install|shard|memory|vram|gpu|cpu|disk/i;

/**
 * How far a training is by its log, 0 to 0.99; null when nothing in it says so. The form of the lines is not documented:
 * `250/2500` and `10%` are looked for in the last lines, first a count up to the steps that were ordered.
 */
export function progressOf(logs: unknown, steps: number | null = null): number | null {
  if (!Array.isArray(logs)) return null;
  const lines = logs.slice(-LAST_LINES).map(lineOf).reverse();
  const ordered = steps === null ? null : firstOf(lines, (line) => counted(line, steps));
  return ordered ?? firstOf(lines, (line) => (ASIDE.test(line) ? null : (counted(line) ?? percentage(line))));
}

/** A bar that is drawn over and over comes as one line: its end is what stands there now. */
function lineOf(entry: unknown): string {
  const message = typeof entry === 'string' ? entry : fieldsOf(entry)?.message;
  if (typeof message !== 'string') return '';
  return (
    message
      .slice(-MAX_LINE)
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? ''
  );
}

function counted(line: string, steps?: number): number | null {
  const [, done, all] = COUNT.exec(line) ?? [];
  const total = Number(all);
  if (done === undefined || total === 0 || (steps !== undefined && total !== steps)) return null;
  return share(Number(done) / total);
}

function percentage(line: string): number | null {
  const [, percent] = PERCENT.exec(line) ?? [];
  return percent === undefined ? null : share(Number(percent) / 100);
}

const share = (part: number): number | null => (part >= 0 && part <= 1 ? Math.min(part, MOST) : null);

function firstOf(lines: readonly string[], read: (line: string) => number | null): number | null {
  for (const line of lines) {
    const found = read(line);
    if (found !== null) return found;
  }
  return null;
}
