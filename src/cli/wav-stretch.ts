const HEADER = 44;

/**
 * A stretch of a plain recording (WAV, integer PCM, its sound right behind a header of 44 bytes, as the examples are) as a
 * recording of its own; seconds.
 */
export function stretchOf(wav: Buffer, { start, end }: { start: number; end: number }): Buffer {
  const [perSecond, frame] = [wav.readUInt32LE(28), wav.readUInt16LE(32)];
  const byteAt = (seconds: number) => HEADER + Math.floor((seconds * perSecond) / frame) * frame;
  const sound = wav.subarray(byteAt(start), byteAt(end));
  const header = Buffer.from(wav.subarray(0, HEADER));
  header.writeUInt32LE(HEADER - 8 + sound.length, 4);
  header.writeUInt32LE(sound.length, HEADER - 4);
  return Buffer.concat([header, sound]);
}
