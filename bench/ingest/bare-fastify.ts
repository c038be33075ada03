import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { contend } from './contender.js';
import { PATH, isSigned } from './notice.js';

/** The least that a signed notice can cost over HTTP: one Fastify route, the check, no database, no log. */
contend(async () => {
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post(PATH, (request, reply) => {
    if (!isSigned(request.headers, request.body as Buffer)) return reply.code(401).send({ error: 'refused' });
    return reply.send({ deliveryId: '00000000-0000-0000-0000-000000000000', duplicate: false });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
});
