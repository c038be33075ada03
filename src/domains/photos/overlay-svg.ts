import type { Box, Field } from './reading/reading.js';
import type { ReceiptResult } from './receipt.result.js';

/** Boxes of lines are thin, those of fields in colour with their names. */
const STYLE =
  '.line{fill:none;stroke:#888;stroke-width:1;vector-effect:non-scaling-stroke}.field{fill:rgba(0,120,255,.12);stroke:#06c;stroke-width:2;vector-effect:non-scaling-stroke}.sure{stroke:#087f23}.unsure{stroke:#c60}.name{fill:#06c;font-weight:600}.said{fill:#111}.warn{fill:#a40000}';

const PANEL = 0.9;

/**
 * The straightened photo with a box around every line and field, and beside it what was read: one SVG file that needs no
 * other, runs nothing, and has every text of the receipt escaped. `photo` is a JPEG.
 */
export function overlaySvg(result: ReceiptResult, photo: Buffer): string {
  const { width, height } = result.image;
  const size = Math.max(12, Math.round(Math.min(width, height) / 40));
  const total = Math.round(width * (1 + PANEL));
  const fields = fieldsOf(result);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="${height}" viewBox="0 0 ${total} ${height}" font-family="system-ui,sans-serif" font-size="${size}" role="img">`,
    `<title>What was read of this receipt</title><style>${STYLE}</style>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<image width="${width}" height="${height}" href="data:image/jpeg;base64,${photo.toString('base64')}"/>`,
    ...result.lines.map(({ box, text }) => boxed('line', box, text)),
    ...fields.flatMap(([name, { box, value, confidence }]) =>
      box ? [boxed(`field ${confidence >= 0.8 ? 'sure' : 'unsure'}`, box, `${name}: ${value}`)] : [],
    ),
    `<g transform="translate(${width + size} ${size})">`,
    ...panel(result, fields).map(
      ({ text, mark }, i) => `<text class="${mark}" y="${Math.round((i + 1) * size * 1.4)}">${escaped(text)}</text>`,
    ),
    '</g></svg>\n',
  ].join('\n');
}

type Named = [name: string, field: Field];

const fieldsOf = ({ fields }: ReceiptResult): Named[] =>
  Object.entries(fields).flatMap(([name, field]): Named[] => (field ? [[name, field as Field]] : []));

interface PanelLine {
  text: string;
  mark: 'name' | 'said' | 'warn';
}

function panel(result: ReceiptResult, fields: readonly Named[]): PanelLine[] {
  const said = (text: string): PanelLine => ({ text, mark: 'said' });
  return [
    { text: result.isReceipt ? 'Fields' : (result.reason ?? 'no receipt'), mark: 'name' },
    ...fields.map(([name, { value, confidence }]) => said(`${name}: ${value} (${Math.round(confidence * 100)} %)`)),
    ...(result.items.length > 0 ? [{ text: 'Items', mark: 'name' } as const] : []),
    ...result.items.map(({ text, amount }) => said(`${text}  ${amount}`)),
    ...(result.checks.length > 0 ? [{ text: 'Checks', mark: 'name' } as const] : []),
    ...result.checks.map(({ name, ok, expected, found }): PanelLine => {
      const text = `${ok ? '✓' : '✗'} ${name}: ${found}${ok ? '' : `, expected ${expected}`}`;
      return { text, mark: ok ? 'said' : 'warn' };
    }),
    ...result.reviewReasons.map((text): PanelLine => ({ text: `! ${text}`, mark: 'warn' })),
  ];
}

function boxed(mark: string, { x, y, width, height }: Box, says: string): string {
  const place = `x="${Number(x)}" y="${Number(y)}" width="${Number(width)}" height="${Number(height)}"`;
  return `<rect class="${mark}" ${place}><title>${escaped(says)}</title></rect>`;
}

/** What XML 1.0 allows in no document, not even escaped. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu;

function escaped(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
