import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

export interface FileAnswer {
  id: string;
  name: string;
  mediaType: string;
  size: number;
  sha256: string;
  purpose: string;
  state: string;
  createdAt: string;
  expiresAt: string | null;
  code?: string;
  detail?: string;
  errors?: { field: string; detail: string }[];
}

export interface Sent {
  status: number;
  headers: Headers;
  body: FileAnswer;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** A request with a body of our own making, written by hand so that it can be cut, stalled or wrong. */
export class UploadRequest {
  readonly answer: Promise<Sent>;
  private readonly sent: ClientRequest;

  constructor(url: string, key: string, headers: Record<string, string> = {}, query = '') {
    const authorization = `Bearer ${key}`;
    this.sent = request(new URL(`/v1/files${query}`, url), { method: 'POST', headers: { authorization, ...headers } });
    this.answer = new Promise((resolve, reject) => {
      this.sent.once('response', (response) => void read(response).then(resolve, reject));
      this.sent.once('error', reject);
    });
    this.answer.catch(() => undefined);
    // What comes after the answer (we may still be writing) is no news.
    this.sent.on('error', () => undefined);
  }

  /** Resolves when it is worth writing more. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.sent.destroyed || this.sent.write(chunk)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.sent.off('drain', done).off('close', done).off('response', done);
        resolve();
      };
      // Once it is answered, Node tells no more when there is room.
      this.sent.once('drain', done).once('close', done).once('response', done);
    });
  }

  end(): Promise<Sent> {
    this.sent.end();
    return this.answer;
  }

  get isCut(): boolean {
    return this.sent.destroyed;
  }

  /** As when the cable is pulled. */
  cut(): void {
    this.sent.destroy();
  }
}

export async function upload(
  url: string,
  key: string,
  bytes: Uint8Array,
  { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {},
): Promise<Sent> {
  const sent = new UploadRequest(url, key, { 'content-length': String(bytes.length), ...headers }, query);
  await sent.write(bytes);
  return sent.end();
}

/** The same bytes over and over, without ever having them all. */
export function* flood(bytes: number, chunk = 256 * 1_024): Generator<Buffer> {
  const block = randomBytes(chunk);
  for (let left = bytes; left > 0; left -= chunk) yield left < chunk ? block.subarray(0, left) : block;
}

async function read(response: IncomingMessage): Promise<Sent> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(response.headers as Record<string, string>),
    body: JSON.parse(Buffer.concat(parts).toString('utf8') || 'null') as FileAnswer,
  };
}
