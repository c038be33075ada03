import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Served {
  bytes: Buffer;
  /** With a tag, parts can be asked for. */
  tagged?: boolean;
  /** Where it breaks off, answer by answer, counted from the file’s beginning; afterwards it is whole. */
  cuts?: number[];
  /** Answered instead of the file while it is set. */
  status?: number;
  /** Announced instead of the length that it has. */
  length?: number;
  /** Half of it is sent, and the rest after this. */
  held?: Promise<void>;
}

/** The place where a vendor keeps the files that it made, as unreliable as a test wants it. */
export class FileServer {
  readonly files = new Map<string, Served>();
  readonly asked: { path: string; range?: string; ifRange?: string }[] = [];
  /** Bytes of bodies that were sent, of all answers. */
  sent = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FileServer> {
    const seen: { self?: FileServer } = {};
    const server = createServer(
      (request, response) => void seen.self?.answer(request, response).catch(() => undefined),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    seen.self = new FileServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return seen.self;
  }

  /** Puts a file there, and returns what a vendor’s result says of it. */
  put(path: string, served: Served): { url: string; file_name: string; file_size: number; content_type: string } {
    this.files.set(path, served);
    const [file_name = path] = path.split('/').slice(-1);
    return {
      url: this.url + path,
      file_name,
      file_size: served.bytes.length,
      content_type: 'application/octet-stream',
    };
  }

  of(path: string): typeof this.asked {
    return this.asked.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', headers } = request;
    this.asked.push({ path, range: headers.range, ifRange: headers['if-range'] as string | undefined });
    const file = this.files.get(path);
    if (!file || file.status) return void response.writeHead(file?.status ?? 404).end();
    const tag = `"${createHash('sha256').update(file.bytes).digest('hex').slice(0, 16)}"`;
    const start =
      file.tagged && headers['if-range'] === tag ? Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
    const total = file.length ?? file.bytes.length;
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': total - start,
      'content-type': 'application/octet-stream',
      ...(file.tagged ? { etag: tag, 'accept-ranges': 'bytes' } : {}),
      ...(start > 0 ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}),
    });
    const end = file.cuts?.shift() ?? file.bytes.length;
    const middle = file.held ? Math.floor((start + end) / 2) : end;
    await this.send(response, file.bytes.subarray(start, middle));
    await file.held;
    await this.send(response, file.bytes.subarray(middle, end));
    if (end < total) response.destroy();
    else response.end();
  }

  private async send(response: ServerResponse, bytes: Buffer): Promise<void> {
    const step = 64 * 1_024;
    const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, n) =>
      bytes.subarray(n * step, (n + 1) * step),
    );
    await pipeline(Readable.from(pieces), response, { end: false });
    this.sent += bytes.length;
  }
}
