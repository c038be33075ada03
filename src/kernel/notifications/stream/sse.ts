/** Milliseconds until a client that was cut off comes back, unless it knows better. */
const RETRY_MS = 2_000;

/** What a message may be made of; none of it holds a line end. */
export interface SseMessage {
  id: string;
  event: string;
  /** One line. */
  data: string;
}

/** One message as server-sent event (WHATWG HTML, 9.2). */
export function sseMessage({ id, event, data }: SseMessage): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
}

/** A comment. With an id: a block without data, which moves the client's last id on and shows it nothing. */
export function sseComment(text: string, id?: string): string {
  return id === undefined ? `: ${text}\n\n` : `: ${text}\nid: ${id}\n\n`;
}

export const sseRetry = (): string => `retry: ${RETRY_MS}\n\n`;
