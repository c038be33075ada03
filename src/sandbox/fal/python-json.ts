interface Style {
  comma: string;
  colon: string;
  sorted: boolean;
}

const DUMPS: Style = { comma: ', ', colon: ': ', sorted: true };
const COMPACT: Style = { comma: ',', colon: ':', sorted: false };

/** As `json.dumps(value, sort_keys=True)` writes it, byte by byte; a bigint becomes a number of any length. */
export function dumps(value: unknown): string {
  return write(value, DUMPS);
}

/** As the vendor's answers are written: nothing is sorted and no space is spent. */
export function compact(value: unknown): string {
  return write(value, COMPACT);
}

function write(value: unknown, style: Style): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, style)).join(style.comma)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (style.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, item]) => text(name) + style.colon + write(item, style)).join(style.comma)}}`;
}

/** Python escapes whatever is not ASCII. */
function text(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
