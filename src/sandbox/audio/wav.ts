/** Sound as one channel of numbers between -1 and 1. */
export interface Sound {
  rate: number;
  samples: Float32Array;
}

/** The bytes are not audio this stand-in understands; the message ends up in a failed job's `output.error`. */
export class UnreadableAudio extends Error {}

interface Format {
  code: number;
  channels: number;
  rate: number;
  bits: number;
}

type ReadSample = (data: Buffer, at: number) => number;

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const UNKNOWN_LENGTH = 0xffffffff;

/** RIFF/WAVE with integer PCM of 8, 16, 24 or 32 bits or floats of 32 or 64, any channel count, mixed down to one. */
export function decodeWav(bytes: Buffer): Sound {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new UnreadableAudio('the file is not a WAV file');
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ') format = readFormat(bytes.subarray(body, body + length));
    if (name === 'data') {
      if (format === undefined) throw new UnreadableAudio('the sound comes before its description');
      return mixDown(dataOf(bytes, body, length), format);
    }
    at = body + length + (length % 2);
  }
  throw new UnreadableAudio('the file holds no sound');
}

function readFormat(chunk: Buffer): Format {
  if (chunk.length < 16) throw new UnreadableAudio('the description of the sound is cut off');
  let code = chunk.readUInt16LE(0);
  if (code === EXTENSIBLE) {
    if (chunk.length < 26) throw new UnreadableAudio('the description of the sound is cut off');
    code = chunk.readUInt16LE(24);
  }
  const format = { code, channels: chunk.readUInt16LE(2), rate: chunk.readUInt32LE(4), bits: chunk.readUInt16LE(14) };
  const whole = format.channels * Math.ceil(format.bits / 8);
  if (format.channels < 1 || format.channels > 64)
    throw new UnreadableAudio(`${format.channels} channels make no sense`);
  if (format.rate < 2_000 || format.rate > 768_000)
    throw new UnreadableAudio(`a rate of ${format.rate} makes no sense`);
  if (chunk.readUInt16LE(12) !== whole) throw new UnreadableAudio('the description of the sound contradicts itself');
  return format;
}

/** A recorder that streams writes no length (0 or all ones): then the sound goes on to the end of the file. */
function dataOf(bytes: Buffer, start: number, length: number): Buffer {
  if (length === 0 || length === UNKNOWN_LENGTH) return bytes.subarray(start);
  if (start + length > bytes.length) throw new UnreadableAudio('the file ends before its sound does');
  return bytes.subarray(start, start + length);
}

function mixDown(data: Buffer, format: Format): Sound {
  const read = readerOf(format);
  const width = format.bits / 8;
  const frames = Math.floor(data.length / (width * format.channels));
  if (frames === 0) throw new UnreadableAudio('the file holds no sound');
  const samples = new Float32Array(frames);
  let at = 0;
  for (let n = 0; n < frames; n++) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel++) {
      sum += read(data, at);
      at += width;
    }
    samples[n] = within(sum / format.channels);
  }
  return { rate: format.rate, samples };
}

/** Floats may be anything at all; what is no number is silence. */
function within(value: number): number {
  if (value > 1) return 1;
  if (value < -1) return -1;
  return value === value ? value : 0;
}

function readerOf(format: Format): ReadSample {
  const reader = READERS[`${format.code}/${format.bits}`];
  if (reader === undefined) throw new UnreadableAudio(`WAV coding ${format.code} with ${format.bits} bits is not read`);
  return reader;
}

const READERS: Record<string, ReadSample> = {
  // Eight bits are the odd one out: unsigned, silence at 128.
  [`${PCM}/8`]: (data, at) => (data.readUInt8(at) - 128) / 128,
  [`${PCM}/16`]: (data, at) => data.readInt16LE(at) / 32_768,
  [`${PCM}/24`]: (data, at) => data.readIntLE(at, 3) / 8_388_608,
  [`${PCM}/32`]: (data, at) => data.readInt32LE(at) / 2_147_483_648,
  [`${FLOAT}/32`]: (data, at) => data.readFloatLE(at),
  [`${FLOAT}/64`]: (data, at) => data.readDoubleLE(at),
};
