import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WAV_HEAD, wavSeconds } from './wav-length.js';

function chunk(name: string, content: Buffer, length = content.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, content]);
}

function format(bytesPerSecond: number): Buffer {
  const fields = Buffer.alloc(16);
  fields.writeUInt32LE(bytesPerSecond, 8);
  return chunk('fmt ', fields);
}

const wav = (...chunks: Buffer[]) =>
  Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WAVE'), ...chunks]);

describe('The length of a WAV recording', () => {
  it('is read from a real one', () => {
    const file = readFileSync(join(__dirname, '../../../examples/audio/two-voices.wav'));
    expect(wavSeconds(file.subarray(0, WAV_HEAD), file.length)).toBeCloseTo((file.length - 44) / 32_000, 3);
  });

  it('is found behind other chunks, of odd lengths too', () => {
    const head = wav(
      chunk('LIST', Buffer.alloc(5)),
      Buffer.alloc(1),
      format(1_000),
      chunk('data', Buffer.alloc(0), 3_000),
    );
    expect(wavSeconds(head, head.length + 3_000)).toBe(3);
  });

  it.each([0, 0xffffffff])('is that of the file when the header says %d bytes', (length) => {
    const head = wav(format(1_000), chunk('data', Buffer.alloc(0), length));
    expect(wavSeconds(head, head.length + 5_000)).toBe(5);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is something else', Buffer.from('ID3 and so on and so on')],
    ['has no data in sight', wav(format(1_000), chunk('LIST', Buffer.alloc(0), 100_000))],
    ['has no format', wav(chunk('data', Buffer.alloc(0), 5))],
    ['is slow beyond measure', wav(format(0), chunk('data', Buffer.alloc(0), 5))],
    ['breaks off', wav(format(1_000)).subarray(0, 22)],
  ])('is not known when it %s', (_what, head) => {
    expect(wavSeconds(head, 1_000_000)).toBeNull();
  });
});
