import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Reply } from '../answers.js';
import { TooLarge } from '../at-most.js';
import { originOf } from './addresses.js';
import { type FalAnswers, problem } from './answer.js';
import { finding } from './validation.js';
import type { Part, Uploads } from './uploads.js';

type ToUpload = { Params: { token: string; part: string }; Querystring: { signature?: string } };

const WAYS = { initiate: 'upload', 'initiate-multipart': 'multipart' } as const;

/** With the key: hands out addresses to upload to. */
export function storageRoutes(rest: FastifyInstance, answers: FalAnswers, uploads: Uploads): void {
  for (const [way, folder] of Object.entries(WAYS)) {
    rest.post(`/storage/upload/${way}`, (request, reply) =>
      answers.give(request, reply, 'storage', {}, () => initiate(request, folder, uploads)),
    );
  }
}

function initiate(request: FastifyRequest, folder: string, uploads: Uploads): Reply {
  const { content_type: type, file_name: name } = (request.body ?? {}) as Record<string, unknown>;
  if (typeof type !== 'string') {
    return { code: 422, body: { detail: [finding('content_type', 'missing', 'Field required')] } };
  }
  const { token, signature, path } = uploads.begin(typeof name === 'string' && name !== '' ? name : 'file', type);
  const origin = originOf(request);
  const upload_url = `${origin}/${folder}/${token}?signature=${signature}`;
  return { code: 200, body: { upload_url, file_url: `${origin}${path}` } };
}

/** Without the key, as on any object storage: the address is the permission. */
export function uploadRoutes(vendor: FastifyInstance, answers: FalAnswers, uploads: Uploads): void {
  vendor.removeAllContentTypeParsers();
  vendor.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const give = (request: FastifyRequest<ToUpload>, work: (upload: Found, bytes: Readable) => Promise<Reply>) =>
    taking(request, uploads, work);

  vendor.put<ToUpload>('/upload/:token', (request, reply) =>
    answers.give(request, reply, 'upload', { urls: [request.url] }, () =>
      give(request, (upload, bytes) => uploads.whole(upload, bytes).then(() => ({ code: 200 }))),
    ),
  );
  vendor.put<ToUpload>('/multipart/:token/:part', (request, reply) =>
    answers.give(request, reply, 'upload', { urls: [request.url] }, () =>
      give(request, async (upload, bytes) => {
        const number = Number(request.params.part);
        if (!Number.isInteger(number) || number < 1) return problem(400, 'Parts are numbered from 1');
        return { code: 200, body: await uploads.part(upload, number, bytes) };
      }),
    ),
  );
  vendor.post<ToUpload>('/multipart/:token/complete', (request, reply) =>
    answers.give(request, reply, 'upload', { urls: [request.url] }, () =>
      give(request, async (upload, bytes) => {
        const complete = await uploads.complete(upload, partsIn(await textOf(bytes)));
        return complete ? { code: 200, body: {} } : problem(400, 'A part is missing or not the one that was sent');
      }),
    ),
  );
}

type Found = NonNullable<ReturnType<Uploads['get']>>;

async function taking(
  request: FastifyRequest<ToUpload>,
  uploads: Uploads,
  work: (upload: Found, bytes: Readable) => Promise<Reply>,
): Promise<Reply> {
  const upload = uploads.get(request.params.token, request.query.signature);
  if (upload === undefined) return problem(403, 'This address does not permit that');
  try {
    return await work(upload, (request.body as Readable | undefined) ?? request.raw);
  } catch (error) {
    return error instanceof TooLarge ? problem(413, 'The file is too large') : problem(400, 'The upload broke off');
  }
}

async function textOf(bytes: Readable): Promise<string> {
  let text = '';
  for await (const chunk of bytes) text += String(chunk);
  return text;
}

function partsIn(text: string): Part[] {
  const { parts } = JSON.parse(text) as { parts?: unknown };
  return Array.isArray(parts) ? (parts as Part[]) : [];
}
