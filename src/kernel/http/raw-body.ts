import type { FastifyInstance, FastifyRequest } from 'fastify';
import sjson from 'secure-json-parse';
import { Problem, invalidRequest } from './problem.js';

export type RawRequest = FastifyRequest & { rawBody?: Buffer };

/** Routes with this in their `@RouteConfig` get the exact bytes and no parsing at all. */
export const RAW_BODY = { rawBody: true } as const;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

function parse(body: Buffer, contentType: string | undefined): unknown {
  if (contentType !== undefined && !JSON_TYPE.test(contentType)) {
    throw new Problem(415, 'unsupported_media_type', `send application/json instead of ${contentType.slice(0, 100)}`);
  }
  if (body.length === 0) throw new Problem(400, 'invalid_json', 'the body is empty; send a JSON object');
  try {
    return sjson.parse(body.toString('utf8'), { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    if (/prototype/.test(why))
      throw invalidRequest([{ field: '__proto__', detail: 'forbidden field name; remove it' }]);
    throw new Problem(400, 'invalid_json', `the body is not JSON: ${why.slice(0, 200)}`);
  }
}

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
      done(null, parse(body, request.headers['content-type']));
    } catch (error) {
      done(error as Error);
    }
  });
}
