import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJsonBody } from './json-body.js';

export type RawRequest = FastifyRequest & { rawBody?: Buffer };

/** Routes with this in their `@RouteConfig` get the exact bytes and no parsing at all. */
export const RAW_BODY = { rawBody: true } as const;

/**
 * One parser for every content type, so that a webhook's bytes are kept whatever it calls itself (`application/json`,
 * `application/webhook+json`, nothing). Bodies over the limit get 413 from Fastify before this runs.
 */
export function useRawBodies(fastify: FastifyInstance, bodyLimit: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request: RawRequest, body: Buffer, done) => {
    const config = request.routeOptions.config as { rawBody?: boolean };
    if (config.rawBody) {
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
