import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const PLAIN_NAME = /^[\w-][\w.-]*$/;

/** Recordings for trying things out, at an address a vendor's stand-in can fetch them from. */
export function audioRoutes(admin: FastifyInstance, folder: string | undefined): void {
  admin.get<{ Params: { file: string } }>('/audio/:file', async (request, reply) => {
    const { file } = request.params;
    const path = folder === undefined || !PLAIN_NAME.test(file) ? null : join(folder, file);
    const found = path === null ? null : await stat(path).catch(() => null);
    if (path === null || found === null || !found.isFile())
      return reply.code(404).send({ message: 'No such recording' });
    return reply.header('Content-Length', found.size).type('audio/wav').send(createReadStream(path));
  });
}
