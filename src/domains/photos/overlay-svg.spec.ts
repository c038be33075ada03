import { overlaySvg } from './overlay-svg.js';
import type { ReceiptResult } from './receipt.result.js';

const box = { x: 10, y: 20, width: 100, height: 15 };
const ATTACK = `</title><script>alert("1")</script><a onload='x'>& ]]>`;

const hostile = {
  isReceipt: true,
  reason: null,
  fields: { merchant: { value: ATTACK, confidence: 0.4, box }, total: { value: '41.50', confidence: 0.98, box: null } },
  items: [{ text: ATTACK, quantity: null, unitPrice: null, amount: '1.00', confidence: 1, box }],
  checks: [{ name: 'items_sum', ok: false, expected: '41.50', found: '40.50' }],
  reviewReasons: [`${ATTACK}\u0000\ud800`],
  lines: [{ text: ATTACK, confidence: 0.9, box, row: 0 }],
  image: { width: 400, height: 800 },
} as unknown as ReceiptResult;

describe('the overlay of a receipt', () => {
  const svg = overlaySvg(hostile, Buffer.from([0xff, 0xd8]));

  it('has the photo in it, a box for every line and field, and what was read', () => {
    expect(svg).toContain('href="data:image/jpeg;base64,/9g="');
    expect(svg.match(/<rect class="(line|field)[^>]*x="10" y="20" width="100" height="15"/g)).toHaveLength(2);
    expect(svg).toContain('total: 41.50 (98 %)');
    expect(svg).toContain('✗ items_sum: 40.50, expected 41.50');
  });

  it('has nothing in it that a receipt could make a browser run', () => {
    expect(svg).not.toMatch(/<script|<a |<foreignObject|onload='|javascript:/i);
    expect(svg).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    // Only what we wrote ourselves is a tag.
    const tags = new Set([...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(['g', 'image', 'rect', 'style', 'svg', 'text', 'title']);
    // eslint-disable-next-line no-control-regex
    expect(svg).not.toMatch(/[\x00-\x08]|\p{Cs}/u);
  });
});
