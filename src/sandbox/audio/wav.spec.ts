import { chunk, riff, voice, wav, type WavShape } from '../testing/synthetic-sound.js';
import { decodeWav, UnreadableAudio } from './wav.js';

const tone = voice(200, 0.05);

function furthestOff(samples: Float32Array): number {
  return Math.max(...tone.map((value, n) => Math.abs(value - (samples[n] ?? 9))));
}

describe('decoding WAV', () => {
  it.each<[string, WavShape, number]>([
    ['8 bits, unsigned', { bits: 8 }, 0.02],
    ['16 bits', { bits: 16 }, 1e-4],
    ['24 bits', { bits: 24 }, 1e-6],
    ['32 bits', { bits: 32 }, 1e-6],
    ['32-bit floats', { bits: 32, float: true }, 1e-6],
    ['64-bit floats', { bits: 64, float: true }, 1e-6],
    ['the extensible format', { bits: 24, extensible: true }, 1e-6],
    ['extensible floats in stereo', { bits: 32, float: true, extensible: true, channels: 2 }, 1e-6],
    ['six channels at 48 kHz', { channels: 6, rate: 48_000 }, 1e-4],
  ])('reads %s', (_title, shape, tolerance) => {
    const sound = decodeWav(wav(tone, shape));
    expect(sound.rate).toBe(shape.rate ?? 8_000);
    expect(sound.samples).toHaveLength(tone.length);
    expect(furthestOff(sound.samples)).toBeLessThan(tolerance);
  });

  it('steps over chunks it does not know, odd lengths included', () => {
    const plain = wav(tone);
    const format = plain.subarray(12, 36);
    const file = riff(chunk('LIST', Buffer.from('odd')), format, chunk('fact', Buffer.alloc(4)), plain.subarray(36));
    expect(furthestOff(decodeWav(file).samples)).toBeLessThan(1e-4);
  });

  it.each([0, 0xffffffff])('takes a recorder that wrote the length %d to mean "to the end"', (length) => {
    const file = wav(tone);
    file.writeUInt32LE(length, 40);
    expect(decodeWav(file).samples).toHaveLength(tone.length);
  });

  it('turns values that are no numbers into silence', () => {
    const file = wav(tone, { bits: 32, float: true });
    file.writeFloatLE(Number.NaN, 44);
    expect(decodeWav(file).samples[0]).toBe(0);
  });

  const good = wav(tone);
  const broken = (change: (file: Buffer) => void) => {
    const file = Buffer.from(good);
    change(file);
    return file;
  };
  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><title>Not found</title>')],
    ['a header alone', good.subarray(0, 12)],
    ['half a description', good.subarray(0, 30)],
    ['a file cut in the middle of its sound', good.subarray(0, good.length - 100)],
    ['a sound of no samples', wav([])],
    ['no channels', broken((file) => file.writeUInt16LE(0, 22))],
    ['an absurd rate', broken((file) => file.writeUInt32LE(3, 24))],
    ['a coding that is not linear', broken((file) => file.writeUInt16LE(7, 20))],
    ['frames of the wrong size', broken((file) => file.writeUInt16LE(5, 32))],
    ['sound before its description', riff(good.subarray(36), good.subarray(12, 36))],
  ])('refuses %s', (_title, file) => {
    expect(() => decodeWav(file)).toThrow(UnreadableAudio);
  });
});
