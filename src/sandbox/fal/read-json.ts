import type { FastifyInstance } from 'fastify';

/** The official client calls every body JSON, one that is not there included. */
export function readJson(vendor: FastifyInstance): void {
  vendor.removeContentTypeParser('application/json');
  vendor.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(Object.assign(new Error('JSON decode error'), { statusCode: 422 }));
    }
  });
}
