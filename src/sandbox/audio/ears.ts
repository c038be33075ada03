import { createHash } from 'node:crypto';
import { Deadlines } from '../deadlines.js';
import { type Heard, hear } from './hear.js';
import { UnreadableAudio } from './wav.js';

const LARGEST = 256 * 1024 * 1024;
const PATIENCE = 60_000;
const AT_ONCE = 6;
const REMEMBERED = 24;

/** Turns an address that is not http(s) into bytes; null when it is not the resolver's. */
export type OtherSource = (url: string) => Promise<Buffer> | null;

/** Fetches recordings and listens to them. What was heard is kept by content, as a load test sends one file often. */
export class Ears {
  private readonly heard = new Map<string, Promise<Heard>>();
  private readonly deadlines = new Deadlines();
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  async listenTo(url: string, elsewhere: OtherSource = () => null): Promise<Heard> {
    if (this.busy >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.busy += 1;
    try {
      return await this.remember(await (elsewhere(url) ?? this.download(url)));
    } finally {
      this.busy -= 1;
      this.waiting.shift()?.();
    }
  }

  stop(): void {
    this.deadlines.stop();
  }

  private remember(bytes: Buffer): Promise<Heard> {
    const key = createHash('sha256').update(bytes).digest('hex');
    const known = this.heard.get(key);
    if (known !== undefined) return known;
    const fresh = hear(bytes);
    this.heard.set(key, fresh);
    const oldest = this.heard.keys().next().value;
    if (this.heard.size > REMEMBERED && oldest !== undefined) this.heard.delete(oldest);
    return fresh;
  }

  private async download(url: string): Promise<Buffer> {
    const deadline = this.deadlines.in(PATIENCE);
    try {
      return await fetchAll(url, deadline.signal);
    } finally {
      deadline.done();
    }
  }
}

async function fetchAll(url: string, signal: AbortSignal): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch {
    throw new UnreadableAudio('the address did not answer');
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new UnreadableAudio(`the address answered ${response.status}`);
  }
  return collect(response.body);
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > LARGEST) break;
      chunks.push(chunk);
    }
  } catch {
    throw new UnreadableAudio('the download broke off');
  }
  if (size > LARGEST) throw new UnreadableAudio('the file is too large for this stand-in');
  return Buffer.concat(chunks);
}
