import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestEntry, SandboxRecord } from './record.js';

const entries = new WeakMap<FastifyRequest, RequestEntry>();

export function entryOf(request: FastifyRequest): RequestEntry | undefined {
  return entries.get(request);
}

/** Writes down every request to the routes of this scope, refused ones included. */
export function watchRequests(scope: FastifyInstance, record: SandboxRecord): void {
  scope.addHook('onRequest', (request, _reply, next) => {
    entries.set(request, record.request({ method: request.method, path: request.url }));
    next();
  });
  scope.addHook('preHandler', (request, _reply, next) => {
    const entry = entries.get(request);
    const isJson = /^application\/json/i.test(request.headers['content-type'] ?? '');
    const isRead = request.body !== undefined && !(request.body instanceof Readable);
    if (entry !== undefined && isJson && isRead) entry.body = request.body;
    next();
  });
  scope.addHook('onResponse', (request, reply, next) => {
    note(record, request, reply.statusCode);
    next();
  });
}

/** The connection was cut on purpose: nobody will ever see an answer. */
export function noteDropped(record: SandboxRecord, request: FastifyRequest): void {
  note(record, request, null);
}

function note(record: SandboxRecord, request: FastifyRequest, status: number | null): void {
  const entry = entries.get(request);
  if (entry === undefined) return;
  entries.delete(request);
  record.answered(entry, `${request.method} ${request.routeOptions.url ?? '(no such route)'}`, status);
}

export function recordRoutes(admin: FastifyInstance, record: SandboxRecord): void {
  admin.get('/record', () => record.all());
  admin.get('/record/counts', () => record.counted());
  admin.delete('/record', (_request, reply) => {
    record.reset();
    return reply.code(204).send();
  });
}
