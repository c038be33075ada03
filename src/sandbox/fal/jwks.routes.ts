import type { FastifyInstance } from 'fastify';
import type { FaultStore } from '../faults/fault-store.js';
import type { FalAnswers } from './answer.js';
import { VENDOR } from './fault-catalogue.js';
import type { KeyRing } from './key-ring.js';

/** Public: whoever is told by the vendor looks here who told him. */
export function jwksRoutes(rest: FastifyInstance, answers: FalAnswers, keys: KeyRing, faults: FaultStore): void {
  rest.get('/.well-known/jwks.json', (request, reply) =>
    answers.give(request, reply, 'jwks', {}, () => {
      const headers = { 'content-type': 'application/json' };
      if (faults.take(VENDOR, 'jwks-garbage', {}) !== undefined) return { code: 200, headers, body: '{"keys": [oops' };
      if (faults.take(VENDOR, 'jwks-empty', {}) !== undefined) return { code: 200, body: { keys: [] } };
      return { code: 200, body: keys.list() };
    }),
  );
}

/** For tests: the vendor changes its keys when it likes. */
export function keyRoutes(admin: FastifyInstance, keys: KeyRing): void {
  admin.post<{ Body: { drop?: boolean } | null }>('/fal/keys/rotate', (request) => {
    keys.rotate(request.body?.drop === true);
    return keys.list();
  });
}
