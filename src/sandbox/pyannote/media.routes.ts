import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { TooLarge } from '../at-most.js';
import { problem, type PyannoteAnswers } from './answer.js';
import type { MediaStore } from './media-store.js';
import { mediaErrors } from './validation.js';

type Token = { Params: { token: string } };

/** With the key: hands out presigned addresses. */
export function mediaRoutes(scope: FastifyInstance, answers: PyannoteAnswers, media: MediaStore): void {
  const directions = { input: 'PUT', output: 'GET' } as const;
  for (const [direction, method] of Object.entries(directions)) {
    scope.post(`/v1/media/${direction}`, (request, reply) => {
      const { url } = (request.body ?? {}) as { url?: unknown };
      const occasion = { urls: [typeof url === 'string' ? url : undefined] };
      return answers.give(request, reply, 'media', occasion, () => {
        const errors = mediaErrors(request.body);
        if (errors.length > 0) return { code: 400, body: { message: 'The request is not valid', errors } };
        const token = media.grant(String(url), method);
        const base = `http://${request.host}${request.url.replace(/\/v1\/media\/.*$/, '')}`;
        return { code: 201, body: { url: `${base}/storage/${token}` } };
      });
    });
  }
}

/** Without the key, as on any object storage: the address is the permission. */
export function storageRoutes(scope: FastifyInstance, answers: PyannoteAnswers, media: MediaStore): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  scope.put<Token>('/storage/:token', (request, reply) => {
    const name = media.granted(request.params.token, 'PUT');
    return answers.give(request, reply, 'storage', { urls: [name ?? undefined] }, async () => {
      if (name === null) return problem(403, 'This address does not permit that');
      try {
        await media.put(name, (request.body as Readable | undefined) ?? request.raw);
        return { code: 200 };
      } catch (error) {
        return error instanceof TooLarge ? problem(413, 'The file is too large') : problem(400, 'The upload broke off');
      }
    });
  });

  scope.get<Token>('/storage/:token', (request, reply) => {
    const name = media.granted(request.params.token, 'GET');
    return answers.give(request, reply, 'storage', { urls: [name ?? undefined] }, async () => {
      if (name === null) return problem(403, 'This address does not permit that');
      const found = await media.open(name);
      if (found === null) return problem(404, 'Nothing is stored here');
      void reply.header('Content-Length', found.size).type('application/octet-stream');
      return { code: 200, body: found.bytes };
    });
  });
}
