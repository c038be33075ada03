import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { MINUTE } from '../../config/pace.js';
import { sseRetry } from './sse.js';

export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/** Past Fastify's own way of answering, which ends. A stream has its connection to itself, and it goes with it. */
export function beginStream(reply: FastifyReply, prelude: string): ServerResponse {
  void reply.status(200).headers({ ...STREAM_HEADERS, Connection: 'close' });
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, reply.getHeaders() as Record<string, string>);
  response.socket?.setKeepAlive(true, MINUTE);
  response.write(sseRetry() + prelude);
  return response;
}
