import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJsonBody } from './json-body.js';

export type RawRequest = FastifyRequest & { rawBody?: Buffer };

/** Routes with this in their `@RouteConfig` get the exact bytes and no parsing at all. */
export const RAW_BODY = { rawBody: true } as const;

/** What Fastify takes for a content type; to anything else it answers 415 before a parser runs. */
const CONTENT_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

const isRaw = (request: FastifyRequest) => (request.routeOptions.config as { rawBody?: boolean }).rawBody === true;

/**
 * One parser for every content type, so that a webhook's bytes are kept whatever it calls itself (`application/json`,
 * `application/webhook+json`, nothing, no type at all). Bodies over the limit get 413 from Fastify before this runs.
 */
export function useRawBodies(fastify: FastifyInstance, bodyLimit: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const type = request.raw.headers['content-type'];
    // Only Fastify is told something else: the headers as they came stay in `request.raw`.
    if (type !== undefined && isRaw(request) && !CONTENT_TYPE.test(type)) {
      request.headers = { 'content-type': 'application/octet-stream' };
    }
    done();
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
