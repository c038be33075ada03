import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { BusboyHeaders, BusboyInstance } from '@fastify/busboy';
import { Problem, invalidField } from '../http/problem.js';
import { invalidMultipart } from './files.problems.js';
import type { UploadBody } from './upload-body.js';

const LIMITS = { fields: 8, fieldSize: 1_024, parts: 16, headerPairs: 64, headerSize: 16 * 1_024 };

export const isMultipart = (type: string | undefined): boolean => /^\s*multipart\//i.test(type ?? '');

/**
 * The one file of a `multipart/form-data` body, as a stream. Whether it was the only part is known when the body has ended:
 * `whole()` says so. @throws a 400 for a body that is none, or that has no file in it
 */
export function openMultipart(request: IncomingMessage): Promise<UploadBody> {
  const parser = parserFor(request);
  const abandoned = new AbortController();
  return new Promise((opened, failed) => {
    let file: Readable | null = null;
    let fault: Problem | null = null;
    parser.on('file', (_field, stream, filename, _encoding, mediaType) => {
      // It tells of a body that ends too early; whoever reads it hears that from `ended` too.
      stream.on('error', () => undefined);
      if (file !== null) {
        fault ??= invalidMultipart('there is more than one file in the body; send one per request');
        stream.resume();
        return;
      }
      file = stream;
      opened({
        name: filename,
        mediaType,
        bytes: stream as AsyncIterable<Buffer>,
        whole: () => ended,
        abandon: () => abandoned.abort(),
      });
    });
    parser.on('field', (name) => {
      fault ??= invalidField(String(name), 'unknown field; send one part with a file name and nothing else');
    });
    const ended = feed(request, parser, abandoned.signal).then(() => {
      if (fault) throw fault;
      if (file === null) throw invalidMultipart('there is no file in the body; send a part with a file name');
    });
    ended.catch((error: Error) => {
      file?.destroy(error);
      failed(error);
    });
  });
}

function parserFor(request: IncomingMessage): BusboyInstance {
  const { headers } = request;
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: LIMITS });
  } catch (error) {
    throw invalidMultipart(`the body cannot be read as multipart/form-data: ${messageOf(error)}`);
  }
}

/** Chunk by chunk, no faster than the file is written. The request itself stays open, so that it can be answered. */
async function feed(request: IncomingMessage, parser: BusboyInstance, signal: AbortSignal): Promise<void> {
  let broken: Problem | null = null;
  parser.on('error', (error: unknown) => {
    broken ??= invalidMultipart(`the body is not multipart/form-data: ${messageOf(error)}`);
  });
  const finished = once(parser, 'finish', { signal });
  finished.catch(() => undefined);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (broken) break;
      if (!parser.write(chunk as Buffer)) await once(parser, 'drain', { signal });
    }
    parser.end();
    await finished;
  } catch (error) {
    throw broken ?? error;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'unreadable').slice(0, 200);
