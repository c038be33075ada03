/** The plainest tar there is (POSIX ustar): what every unpacker since 1988 reads. */
const BLOCK = 512;
/** Eleven octal digits. */
const MAX_SIZE = 8 ** 11 - 1;
const MAX_NAME = 100;

/** Two empty blocks. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/**
 * One regular file: header, content, padding to whole blocks. The content may come in pieces, from anywhere; how many bytes
 * it has is said before. @throws for a name over 100 bytes, for 8 GiB and more, and where the content has another size
 */
export async function* tarEntry(
  name: string,
  size: number,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  modified: Date,
): AsyncGenerator<Buffer> {
  yield header(name, size, modified);
  let came = 0;
  for await (const piece of content) {
    came += piece.length;
    if (came > size) break;
    yield piece;
  }
  if (came !== size) throw new Error(`${name} has not the ${size} bytes that were announced`);
  yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function header(name: string, size: number, modified: Date): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME) throw new RangeError(`${name} is too long a name for a tar`);
  if (size > MAX_SIZE) throw new RangeError(`${name} is too large for a tar: ${size} bytes`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(Math.max(0, Math.floor(modified.getTime() / 1_000)), 11), 136);
  block.fill(' ', 148, 156);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
