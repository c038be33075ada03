import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Deadline } from '../deadlines.js';

export interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Answer {
  status: number | null;
  /** Why the delivery does not count, in the words vendors use for it; absent after a 2xx. */
  error?: string;
  answer?: string;
}

const MOST_REDIRECTS = 2;
const MOST_ANSWER = 500;
const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_MISMATCH)/;
const CONNECTION_CODES = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|ETIMEDOUT|EADDR)/;

/** One delivery: a time limit over all of it, few redirects followed, a fresh connection each time. Never throws. */
export async function post(message: Message, deadline: Deadline, redirects = MOST_REDIRECTS): Promise<Answer> {
  try {
    return await follow(message, deadline.signal, redirects);
  } catch (error) {
    return { status: null, error: deadline.isOver() ? 'http_timeout' : reasonFor(error) };
  } finally {
    deadline.done();
  }
}

async function follow(message: Message, signal: AbortSignal, left: number): Promise<Answer> {
  const response = await send(message, signal);
  const status = response.statusCode ?? 0;
  const answer = await startOf(response);
  const { location } = response.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    if (left === 0) return { status, error: 'too_many_redirects' };
    const url = new URL(location, message.url).href;
    return follow({ ...message, url }, signal, left - 1);
  }
  if (status >= 200 && status < 300) return { status, answer };
  return { status, answer, error: 'http_error' };
}

function send({ url, headers, body }: Message, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { method: 'POST', headers: { ...headers, ...length }, agent: false, signal };
    request(url, options, resolve).on('error', reject).end(body);
  });
}

/** Read to the end, or the answer would not count as received, but kept short. */
async function startOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) {
    if (text.length < MOST_ANSWER) text += String(chunk);
  }
  return text.slice(0, MOST_ANSWER);
}

function reasonFor(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (TLS_CODES.test(code)) return 'ssl_error';
  if (CONNECTION_CODES.test(code)) return 'connection_failed';
  return 'unknown_error';
}
