import { readableStart } from '../kernel/notifications/sending/readable-start.js';

/** What is sent, byte by byte. */
export interface Message {
  headers: Record<string, string>;
  body: string;
}

/** What came of one POST. */
export interface Answer {
  /** Null where there was no answer. */
  status: number | null;
  /** For people: `200 in 12 ms`, `nobody answers (ECONNREFUSED)`. */
  says: string;
  /** The first characters of the answer. */
  text: string;
}

const TIMEOUT_MS = 15_000;
const MOST = 1_000;

/** One POST to an address of whoever sits here; redirects are not followed. Never throws. */
export async function post(url: string, { headers, body }: Message, signal: AbortSignal): Promise<Answer> {
  const start = performance.now();
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    const answer = await fetch(url, {
      method: 'POST',
      // Otherwise a kept connection holds the command up for seconds after its last word.
      headers: { ...headers, connection: 'close' },
      body,
      redirect: 'manual',
      signal: stop.signal,
    });
    const text = await startOf(answer);
    const { status } = answer;
    return { status, says: `${status} in ${Math.round(performance.now() - start)} ms`, text };
  } catch (error) {
    const late = stop.signal.aborted && !signal.aborted;
    return { status: null, says: late ? `no answer within ${TIMEOUT_MS / 1_000} s` : whyNot(error), text: '' };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    stop.abort();
  }
}

export const isSuccess = ({ status }: Answer): boolean => status !== null && status >= 200 && status < 300;

async function startOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= MOST) break;
  }
  return readableStart(Buffer.concat(pieces).subarray(0, MOST)) ?? '';
}

function whyNot(error: unknown): string {
  const { code } = ((error as { cause?: unknown }).cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? `nobody answers (${code})` : 'nobody answers';
}
