/** A header that says how many bytes a second has, and no audio. */
export function wavOf(bytesPerSecond: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt32LE(bytesPerSecond, 28);
  head.write('data', 36);
  return head;
}
