/** Sounds for tests, made up on the spot. */
export interface WavShape {
  rate?: number;
  channels?: number;
  bits?: 8 | 16 | 24 | 32 | 64;
  float?: boolean;
  extensible?: boolean;
}

/** A buzzing voice of a steady pitch: ten harmonics, each weaker than the one before. */
export function voice(hertz: number, seconds: number, rate = 8_000): number[] {
  return Array.from({ length: Math.round(seconds * rate) }, (_, n) => {
    let sum = 0;
    for (let k = 1; k <= 10 && k * hertz < rate / 2; k++) sum += Math.sin((2 * Math.PI * k * hertz * n) / rate) / k;
    return 0.2 * sum;
  });
}

export function silence(seconds: number, rate = 8_000): number[] {
  return Array.from({ length: Math.round(seconds * rate) }, () => 0);
}

/** The same hiss every time: a linear congruential generator, not Math.random. */
export function hiss(seconds: number, loudness: number, rate = 8_000): number[] {
  let state = 1;
  return Array.from({ length: Math.round(seconds * rate) }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return loudness * (state / 1_073_741_824 - 1);
  });
}

/** Every channel carries the same samples. */
export function wav(samples: readonly number[], shape: WavShape = {}): Buffer {
  const { rate = 8_000, channels = 1, bits = 16, float = false, extensible = false } = shape;
  const width = bits / 8;
  const data = Buffer.alloc(samples.length * channels * width);
  samples.forEach((sample, n) => {
    for (let channel = 0; channel < channels; channel++)
      write(data, sample, (n * channels + channel) * width, bits, float);
  });
  const format = Buffer.alloc(extensible ? 40 : 16);
  const code = float ? 3 : 1;
  format.writeUInt16LE(extensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * channels * width, 8);
  format.writeUInt16LE(channels * width, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(code, 24);
  return riff(chunk('fmt ', format), chunk('data', data));
}

export function chunk(name: string, body: Buffer, length = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

export function riff(...chunks: Buffer[]): Buffer {
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE', 'latin1'), ...chunks]));
}

function write(data: Buffer, sample: number, at: number, bits: number, float: boolean): void {
  if (float && bits === 64) data.writeDoubleLE(sample, at);
  else if (float) data.writeFloatLE(sample, at);
  else if (bits === 8) data.writeUInt8(Math.round(128 + sample * 127), at);
  else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, bits / 8);
}
