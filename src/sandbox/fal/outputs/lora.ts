import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Content } from './content.js';

const BLOCK = 64 * 1024;
const RANK = 16;
const BYTES_PER_NUMBER = 2;
const LARGEST_HEADER = 1024;
const BLOCK_NAME = 'transformer.single_transformer_blocks.0.attn.to_q';

export const SMALLEST_LORA = 4096;

/**
 * A file in the safetensors format with the two matrices of one LoRA layer, `bytes` long: a header's length in eight
 * bytes, the header as JSON with spaces behind it, numbers. The same seed gives the same bytes; none of them is kept.
 */
export function lora(seed: string, bytes: number): Content {
  const size = Math.max(SMALLEST_LORA, Math.floor(bytes));
  const width = Math.floor((size - LARGEST_HEADER) / (2 * RANK * BYTES_PER_NUMBER));
  const data = 2 * width * RANK * BYTES_PER_NUMBER;
  const head = header(size - data, width, data / 2);
  const block = noise(seed);
  return { size, read: (start, end) => Readable.from(slices(head, block, start, Math.min(end, size))) };
}

function header(length: number, width: number, half: number): Buffer {
  const tensor = (shape: number[], from: number) => ({ dtype: 'BF16', shape, data_offsets: [from, from + half] });
  const tensors = {
    __metadata__: { format: 'pt' },
    [`${BLOCK_NAME}.lora_A.weight`]: tensor([RANK, width], 0),
    [`${BLOCK_NAME}.lora_B.weight`]: tensor([width, RANK], half),
  };
  const bytes = Buffer.alloc(length, ' ');
  bytes.writeBigUInt64LE(BigInt(length - 8));
  bytes.write(JSON.stringify(tensors), 8);
  return bytes;
}

function noise(seed: string): Buffer {
  const parts: Buffer[] = [];
  for (let last = Buffer.from(seed); parts.length < BLOCK / 32; parts.push(last)) {
    last = createHash('sha256').update(last).digest();
  }
  return Buffer.concat(parts);
}

/** Blocks differ in their number alone, so that a piece from the middle of hundreds of megabytes costs nothing. */
function* slices(head: Buffer, block: Buffer, start: number, end: number): Generator<Buffer> {
  if (start < head.length) yield head.subarray(start, Math.min(end, head.length));
  for (let at = Math.max(start, head.length); at < end;) {
    const offset = at - head.length;
    const numbered = Buffer.from(block);
    numbered.writeBigUInt64LE(BigInt(Math.floor(offset / BLOCK)));
    const piece = numbered.subarray(offset % BLOCK, (offset % BLOCK) + end - at);
    yield piece;
    at += piece.length;
  }
}
