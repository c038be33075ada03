import { createHmac } from 'node:crypto';
import { PATH, SECRET, bodyOf, jobIdOf } from '../ingest/notice.js';

/** Ready-made requests behind each other in one piece of memory, all of one length, every one signed and with its own id. */
export class Slab {
  private constructor(
    private readonly memory: Buffer,
    private readonly size: number,
    readonly count: number,
  ) {}

  static make(slab: number, count: number): Slab {
    const { length: size } = requestOf(slab, 0);
    const memory = Buffer.allocUnsafe(size * count);
    for (let index = 0; index < count; index++) requestOf(slab, index).copy(memory, index * size);
    return new Slab(memory, size, count);
  }

  request(index: number): Buffer {
    return this.memory.subarray(index * this.size, (index + 1) * this.size);
  }
}

function requestOf(slab: number, index: number): Buffer {
  const body = bodyOf(jobIdOf(slab, index));
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:`).update(body).digest('hex');
  const head = [
    `POST ${PATH} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: pyannoteAI-webhooks/1.0',
    'Accept: */*',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `X-Request-Timestamp: ${timestamp}`,
    `X-Signature: ${signature}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
