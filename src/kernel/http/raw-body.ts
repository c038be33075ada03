import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { parseJsonBody } from './json-body.js';

export type RawRequest = FastifyRequest & { rawBody?: Buffer };

/** Routes with this in their `@RouteConfig` get the exact bytes and no parsing at all. */
export const RAW_BODY = { rawBody: true } as const;

/** Routes with this in their `@RouteConfig` read their body themselves, from `request.raw`, without a limit of ours. */
export const STREAM_BODY = { streamBody: true } as const;

/** The parser that reads nothing goes by a content type that nobody can send, since nobody knows it. */
const STREAMED = `application/x-${randomUUID()}`;
/** How long a caller may go on sending what is refused already, so that it hears why; then the connection is cut. */
const LINGER_MS = 2_000;

/** What Fastify takes for a content type; to anything else it answers 415 before a parser runs. */
const CONTENT_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

const isRaw = (request: FastifyRequest) => (request.routeOptions.config as { rawBody?: boolean }).rawBody === true;
const isStream = (config: unknown) => (config as { streamBody?: boolean } | undefined)?.streamBody === true;

/** Reads off what the handler left unread, for a moment. */
function linger(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { raw } = request;
  if (!raw.complete && !raw.destroyed) {
    raw.resume();
    const cut = setTimeout(() => raw.destroy(), LINGER_MS);
    raw.once('close', () => clearTimeout(cut)).on('error', () => undefined);
  }
  done();
}

/**
 * One parser for every content type, so that a webhook's bytes are kept whatever it calls itself (`application/json`,
 * `application/webhook+json`, nothing, no type at all). Bodies over the limit get 413 from Fastify before this runs.
 */
export function useRawBodies(fastify: FastifyInstance, bodyLimit: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const type = request.raw.headers['content-type'];
    // Only Fastify is told something else: the headers as they came stay in `request.raw`.
    if (isStream(request.routeOptions.config)) request.headers = { 'content-type': STREAMED };
    else if (type !== undefined && isRaw(request) && !CONTENT_TYPE.test(type)) {
      request.headers = { 'content-type': 'application/octet-stream' };
    }
    done();
  });
  fastify.addContentTypeParser(STREAMED, (_request, _payload, done) => done(null, undefined));
  fastify.addHook('onRoute', (route) => {
    if (isStream(route.config)) route.onResponse = [route.onResponse ?? [], linger].flat();
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request: RawRequest, body: Buffer, done) => {
    if (isRaw(request)) {
      request.rawBody = body;
      done(null, undefined);
      return;
    }
    try {
      done(null, parseJsonBody(body, request.headers['content-type']));
    } catch (error) {
      done(error as Error);
    }
  });
}
