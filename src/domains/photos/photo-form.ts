import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { BusboyHeaders, BusboyInstance } from '@fastify/busboy';
import { Problem, invalidField } from '../../kernel/http/problem.js';
import { MOST_PHOTOS } from './receipt.dto.js';

const LIMITS = { fields: 8, fieldSize: 8_192, parts: MOST_PHOTOS + 20, headerPairs: 64, headerSize: 16 * 1_024 };

/** One file of a form, while it comes. It has to be read to its end, or `resume()`d. */
export interface FormPhoto {
  name: string;
  mediaType: string;
  stream: Readable;
}

const invalidForm = (detail: string) => new Problem(400, 'invalid_multipart', detail);

/**
 * A `multipart/form-data` body with up to twenty photos, each taken as it comes: never one in memory.
 * Resolves to the other fields of the form, of which `labels` is JSON. @throws a 400 for a body that is none, that breaks off, or that has more photos
 */
export async function readPhotoForm(
  request: IncomingMessage,
  take: (photo: FormPhoto) => Promise<void>,
): Promise<Record<string, unknown>> {
  const parser = parserFor(request);
  const fields: Record<string, unknown> = {};
  const open = new Set<Readable>();
  const taken: Promise<void>[] = [];
  const stop = new AbortController();
  parser.on('file', (_field, stream, name, _encoding, mediaType) => {
    const file = stream as Readable;
    file.on('error', () => undefined);
    if (taken.length === MOST_PHOTOS) {
      file.resume();
      stop.abort(invalidField('photos', `must be ${MOST_PHOTOS} at most; send more requests`));
      return;
    }
    open.add(file);
    const work = take({ name, mediaType, stream: file }).finally(() => {
      open.delete(file);
      file.resume();
    });
    work.catch((error: unknown) => stop.abort(error));
    taken.push(work);
  });
  parser.on('field', (name: string, value: string) => (fields[name] = value));
  try {
    await feed(request, parser, stop.signal);
    await Promise.all(taken);
    return { ...fields, ...labelsIn(fields) };
  } catch (error) {
    const fault = stop.signal.aborted ? (stop.signal.reason as Error) : (error as Error);
    for (const file of open) file.destroy(fault);
    await Promise.allSettled(taken);
    throw fault;
  }
}

function parserFor({ headers }: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: LIMITS });
  } catch (error) {
    throw invalidForm(`the body cannot be read as multipart/form-data: ${messageOf(error)}`);
  }
}

/** Chunk by chunk, no faster than the photos are written. The request itself stays open, so that it can be answered. */
async function feed(request: IncomingMessage, parser: BusboyInstance, signal: AbortSignal): Promise<void> {
  let broken: Problem | null = null;
  parser.on('error', (error: unknown) => {
    broken ??= invalidForm(`the body is not multipart/form-data: ${messageOf(error)}`);
  });
  const finished = once(parser, 'finish', { signal });
  finished.catch(() => undefined);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (broken) break;
      signal.throwIfAborted();
      if (!parser.write(chunk as Buffer)) await once(parser, 'drain', { signal });
    }
    parser.end();
    await finished;
  } catch (error) {
    if (request.destroyed && !request.complete) throw invalidForm('the body broke off before its end; send it again');
    throw broken ?? error;
  }
}

function labelsIn({ labels }: Record<string, unknown>): Record<string, unknown> {
  if (typeof labels !== 'string') return {};
  try {
    return { labels: JSON.parse(labels) as unknown };
  } catch {
    throw invalidField('labels', 'must be a JSON object, as text in its part of the form');
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'unreadable').slice(0, 200);
