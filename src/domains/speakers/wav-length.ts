/** As much of a file as `wavSeconds` wants to see. */
export const WAV_HEAD = 4_096;

const CHUNK_HEADER = 8;

/**
 * How long a WAV recording lasts, by its header. Null for everything else, and for a header that does not say: then only
 * the vendor finds out. A length that was never filled in, as in a recording still being made, is that of the whole file.
 */
export function wavSeconds(head: Buffer, size: number): number | null {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return null;
  let bytesPerSecond = 0;
  for (let at = 12; at + CHUNK_HEADER <= head.length;) {
    const [name, length] = [head.toString('latin1', at, at + 4), head.readUInt32LE(at + 4)];
    const start = at + CHUNK_HEADER;
    if (name === 'fmt ' && start + 16 <= head.length) bytesPerSecond = head.readUInt32LE(start + 8);
    if (name === 'data') {
      const there = size - start;
      const bytes = length === 0 || length > there ? there : length;
      return bytesPerSecond > 0 ? bytes / bytesPerSecond : null;
    }
    at = start + length + (length % 2);
  }
  return null;
}
