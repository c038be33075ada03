import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

export function guardWithKey(scope: FastifyInstance, key: string): void {
  scope.addHook('onRequest', (request, reply, next) => {
    if (isKey(request.headers.authorization, key)) return next();
    void reply.code(401).send({ detail: 'Cannot access application. Authentication is required.' });
  });
}

function isKey(header: string | undefined, key: string): boolean {
  const given = Buffer.from(/^Key (.+)$/i.exec(header ?? '')?.[1] ?? '');
  const right = Buffer.from(key);
  return given.length === right.length && timingSafeEqual(given, right);
}
