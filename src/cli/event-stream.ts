import { Mistake } from './mistake.js';

/** One block of a stream of server-sent events, as the blank line ended it. */
export interface StreamBlock {
  /** The last id so far: what `Last-Event-ID` says after it. */
  id: string;
  type: string;
  /** Null for a block that shows nothing and only moves the id on. */
  data: string | null;
}

const LINE_END = /\r\n|\n|\r/;
/** Characters of one unfinished block; beyond them it is no stream of events. */
const MOST = 4 * 1_024 * 1_024;

/** Reads `text/event-stream` as the HTML standard says (section 9.2.6), piece by piece. A block that was cut off counts for nothing. */
export class EventStreamParser {
  /** Milliseconds that the other side wants to be left alone for after a break; null when it did not say. */
  retryMs: number | null = null;
  private readonly decoder = new TextDecoder();
  private rest = '';
  private isAfterCr = false;
  private id = '';
  private shownId = '';
  private type = '';
  private data: string[] = [];
  private size = 0;

  /** @throws {Mistake} for a block without end */
  push(bytes: Uint8Array): StreamBlock[] {
    // A byte order mark at the beginning goes here.
    const text = this.decoder.decode(bytes, { stream: true });
    // The end of a line that was taken for ended already.
    const fresh = this.isAfterCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.isAfterCr = text.endsWith('\r');
    const lines = (this.rest + fresh).split(LINE_END);
    this.rest = lines.pop() ?? '';
    const blocks = lines.flatMap((line) => this.take(line) ?? []);
    if (this.rest.length + this.size > MOST) throw new Mistake('what comes there is no stream of events');
    return blocks;
  }

  private take(line: string): StreamBlock | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    this.set(name, value);
    return null;
  }

  /** A comment has no name, and other names than these mean nothing. */
  private set(name: string, value: string): void {
    if (name === 'event') this.type = value;
    if (name === 'id' && !value.includes('\0')) this.id = value;
    if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    if (name === 'data') {
      this.data.push(value);
      this.size += value.length + 1;
    }
  }

  private dispatch(): StreamBlock | null {
    const { id, data } = this;
    const type = this.type || 'message';
    const isNew = id !== this.shownId;
    this.shownId = id;
    this.type = '';
    this.data = [];
    this.size = 0;
    if (data.length > 0) return { id, type, data: data.join('\n') };
    return isNew ? { id, type, data: null } : null;
  }
}
