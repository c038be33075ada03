import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Reply } from '../answers.js';
import { type FaultStore, numberOf } from '../faults/fault-store.js';
import type { Timers } from '../timers.js';
import { type FalAnswers, problem } from './answer.js';
import { VENDOR } from './fault-catalogue.js';
import type { FileStore, StoredFile } from './file-store.js';
import { readRange } from './range.js';

/** Long enough for what was sent to leave the socket before it is cut. */
const FLUSH = 20;
const MODEL = /\.safetensors$/;

interface Rooms {
  files: FileStore;
  faults: FaultStore;
  timers: Timers;
}

/** No key: whoever knows the address may read. */
export function filesRoutes(vendor: FastifyInstance, answers: FalAnswers, rooms: Rooms): void {
  vendor.get<{ Params: { token: string; name: string } }>('/files/:token/:name', (request, reply) => {
    const file = rooms.files.get(request.params.token);
    return answers.give(request, reply, 'files', { urls: [request.url] }, () =>
      file === undefined ? problem(404, 'File not found') : download(request, file, rooms),
    );
  });
}

function download(request: FastifyRequest, { name, type, content }: StoredFile, { faults, timers }: Rooms): Reply {
  const { size } = content;
  const headers = { 'accept-ranges': 'bytes', 'content-type': type };
  const range = readRange(request.headers.range, size);
  if (range === 'unsatisfiable') return { code: 416, headers: { 'content-range': `bytes */${size}` } };
  const { start, end } = range ?? { start: 0, end: size };
  const isDownload = request.method === 'GET' && MODEL.test(name);
  const cut = isDownload ? faults.take(VENDOR, 'cut-model', { urls: [request.url] }) : undefined;
  const body =
    cut === undefined
      ? content.read(start, end)
      : broken(content.read(start, start + Math.floor(((end - start) * numberOf(cut, 'percent', 90)) / 100)), timers);
  const length = { 'content-length': String(end - start) };
  if (range === null) return { code: 200, headers: { ...headers, ...length }, body };
  const part = { 'content-range': `bytes ${start}-${end - 1}/${size}` };
  return { code: 206, headers: { ...headers, ...length, ...part }, body };
}

function broken(bytes: Readable, timers: Timers): Readable {
  async function* cutOff() {
    yield* bytes;
    await timers.wait(FLUSH);
    throw new Error('cut off, as asked for');
  }
  return Readable.from(cutOff());
}
