import type { Content } from './content.js';
import { lora } from './lora.js';

const MIB = 1024 * 1024;

async function bytesOf({ size, read }: Content, start = 0, end = size): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of read(start, end)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe('a trained model', () => {
  it('is a safetensors file of exactly the wanted length', async () => {
    const bytes = await bytesOf(lora('a', MIB + 1));
    expect(bytes).toHaveLength(MIB + 1);
    const header = Number(bytes.readBigUInt64LE());
    const tensors = JSON.parse(bytes.toString('utf8', 8, 8 + header)) as Record<string, { data_offsets: number[] }>;
    const ends = Object.values(tensors).map(({ data_offsets }) => data_offsets?.[1] ?? 0);
    expect(Math.max(...ends)).toBe(bytes.length - 8 - header);
    expect(Object.keys(tensors)).toHaveLength(3);
  });

  it('is the same for the same seed, and another for another', async () => {
    expect((await bytesOf(lora('a', 5_000))).equals(await bytesOf(lora('a', 5_000)))).toBe(true);
    expect((await bytesOf(lora('a', 5_000))).equals(await bytesOf(lora('b', 5_000)))).toBe(false);
  });

  it('can be read from anywhere', async () => {
    const model = lora('a', 300_000);
    const whole = await bytesOf(model);
    for (const [start, end] of [
      [0, 10],
      [5, 2_000],
      [65_000, 140_000],
      [299_999, 300_000],
    ] as const) {
      expect((await bytesOf(model, start, end)).equals(whole.subarray(start, end))).toBe(true);
    }
  });
});
