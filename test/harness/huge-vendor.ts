import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const MIB = 1_024 ** 2;
/** Frame scores as they are: numbers from 0 to 100. */
const SCORES = Array.from({ length: 40_000 }, (_, n) => (n * 7_919) % 101).join(',');

/** A vendor whose every job has succeeded, with as many MiB of frame scores as the address of its audio ends with. */
export class HugeVendor {
  readonly turns = Array.from({ length: 200 }, (_, n) => ({
    speaker: `SPEAKER_0${n % 3}`,
    start: n * 10,
    end: n * 10 + 8.5,
  }));
  private readonly sizes = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<HugeVendor> {
    const seen: { vendor?: HugeVendor } = {};
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => void seen.vendor?.answer(request.url ?? '', Buffer.concat(parts).toString(), response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    seen.vendor = new HugeVendor(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return seen.vendor;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(url: string, body: string, response: ServerResponse): Promise<void> {
    const id = url.split('/').at(-1) ?? '';
    if (url === '/v1/diarize') {
      const jobId = randomUUID();
      this.sizes.set(jobId, Number(/\d+$/.exec((JSON.parse(body) as { url: string }).url)?.[0]));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jobId, status: 'created' }));
    } else if (this.sizes.has(id)) {
      await this.show(id, response);
    } else {
      response.writeHead(404).end();
    }
  }

  private async show(jobId: string, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/json' });
    // Whoever has heard enough hangs up.
    await pipeline(this.text(jobId), response).catch(() => undefined);
  }

  private *text(jobId: string): Generator<string> {
    const turns = JSON.stringify(this.turns);
    yield `{"jobId":"${jobId}","status":"succeeded","output":{"diarization":${turns},"confidence":{"score":[`;
    for (let left = (this.sizes.get(jobId) ?? 0) * MIB; left > 0; left -= SCORES.length + 1) yield `${SCORES},`;
    yield '0],"resolution":0.02}}}';
  }
}
